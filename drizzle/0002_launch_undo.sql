CREATE TABLE `creation_undo` (
	`intent_id` text PRIMARY KEY NOT NULL,
	`approval_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`user_id` text NOT NULL,
	`draft_id` text NOT NULL,
	`issue_key` text NOT NULL,
	`issue_url` text NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`closing` integer DEFAULT false NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_try_at` integer NOT NULL,
	`lease_owner` text,
	`lease_until` integer,
	`request_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`intent_id`) REFERENCES `creation_intent`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`approval_id`) REFERENCES `approval`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`draft_id`) REFERENCES `story_draft`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `creation_undo_state` ON `creation_undo` (`state`,`next_try_at`);--> statement-breakpoint
CREATE INDEX `creation_undo_approval` ON `creation_undo` (`approval_id`);