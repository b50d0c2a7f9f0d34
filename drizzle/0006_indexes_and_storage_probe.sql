CREATE TABLE `storage_probe` (
	`filler` blob NOT NULL
);
--> statement-breakpoint
CREATE INDEX `conversation_removed` ON `conversation` (`deleted_at`) WHERE "conversation"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX `run_user` ON `run` (`user_id`);--> statement-breakpoint
CREATE INDEX `approval_user` ON `approval` (`user_id`);--> statement-breakpoint
CREATE INDEX `creation_intent_user` ON `creation_intent` (`user_id`);--> statement-breakpoint
CREATE INDEX `creation_undo_conversation` ON `creation_undo` (`conversation_id`);--> statement-breakpoint
CREATE INDEX `creation_undo_draft` ON `creation_undo` (`draft_id`);--> statement-breakpoint
CREATE INDEX `creation_undo_user` ON `creation_undo` (`user_id`);