CREATE TABLE `model_call` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`conversation_id` text,
	`run_id` text,
	`call_type` text NOT NULL,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`is_estimate` integer NOT NULL,
	`first_token_ms` integer,
	`total_ms` integer NOT NULL,
	`outcome` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `model_call_user` ON `model_call` (`user_id`,`at`);--> statement-breakpoint
CREATE INDEX `model_call_at` ON `model_call` (`at`);