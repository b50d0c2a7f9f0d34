CREATE TABLE `approval` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`user_id` text NOT NULL,
	`interrupt_id` text NOT NULL,
	`drafts` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `approval_interrupt` ON `approval` (`interrupt_id`);--> statement-breakpoint
CREATE INDEX `approval_conversation` ON `approval` (`conversation_id`);--> statement-breakpoint
CREATE TABLE `clarification` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`interrupt_id` text NOT NULL,
	`ref` text NOT NULL,
	`question` text NOT NULL,
	`why` text NOT NULL,
	`suggestions` text NOT NULL,
	`answer` text,
	`answered_at` integer,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clarification_ref` ON `clarification` (`conversation_id`,`ref`);--> statement-breakpoint
CREATE TABLE `conversation` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`title` text NOT NULL,
	`status` text DEFAULT 'empty' NOT NULL,
	`project_key` text,
	`choices` text DEFAULT '{}' NOT NULL,
	`last_seq` integer DEFAULT 0 NOT NULL,
	`interrupt` text,
	`archived_at` integer,
	`deleted_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `conversation_user_updated` ON `conversation` (`user_id`,`updated_at`);--> statement-breakpoint
CREATE TABLE `creation_intent` (
	`id` text PRIMARY KEY NOT NULL,
	`approval_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`user_id` text NOT NULL,
	`draft_id` text NOT NULL,
	`draft_version` integer NOT NULL,
	`marker_label` text NOT NULL,
	`payload_hash` text NOT NULL,
	`payload` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`issue_key` text,
	`issue_url` text,
	`problem` text,
	`lease_owner` text,
	`lease_until` integer,
	`sent_at` integer,
	`next_check_at` integer,
	`checks` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`approval_id`) REFERENCES `approval`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`draft_id`) REFERENCES `story_draft`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `creation_intent_marker` ON `creation_intent` (`marker_label`);--> statement-breakpoint
CREATE INDEX `creation_intent_conversation` ON `creation_intent` (`conversation_id`);--> statement-breakpoint
CREATE INDEX `creation_intent_status` ON `creation_intent` (`status`,`next_check_at`);--> statement-breakpoint
CREATE INDEX `creation_intent_approval` ON `creation_intent` (`approval_id`);--> statement-breakpoint
CREATE INDEX `creation_intent_draft` ON `creation_intent` (`draft_id`);--> statement-breakpoint
CREATE TABLE `message` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`role` text NOT NULL,
	`text` text NOT NULL,
	`number` integer,
	`draft_ids` text DEFAULT '[]' NOT NULL,
	`queued_at` integer,
	`withdrawn_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `message_conversation` ON `message` (`conversation_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `run_event` (
	`conversation_id` text NOT NULL,
	`seq` integer NOT NULL,
	`covers` integer,
	`run_id` text,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `run_event_seq` ON `run_event` (`conversation_id`,`seq`);--> statement-breakpoint
CREATE INDEX `run_event_run` ON `run_event` (`run_id`,`type`);--> statement-breakpoint
CREATE TABLE `run` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`user_id` text NOT NULL,
	`status` text NOT NULL,
	`input` text NOT NULL,
	`process_id` text NOT NULL,
	`fence` integer DEFAULT 1 NOT NULL,
	`heartbeat_at` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`problem` text,
	`request_id` text,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `run_active` ON `run` (`conversation_id`) WHERE "run"."status" = 'running';--> statement-breakpoint
CREATE INDEX `run_conversation` ON `run` (`conversation_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `run_status` ON `run` (`status`,`heartbeat_at`);--> statement-breakpoint
CREATE TABLE `source` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`ref` text NOT NULL,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`version` text,
	`url` text,
	`paragraphs` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `source_ref` ON `source` (`conversation_id`,`ref`);--> statement-breakpoint
CREATE TABLE `story_draft_version` (
	`draft_id` text NOT NULL,
	`version` integer NOT NULL,
	`author` text NOT NULL,
	`run_id` text,
	`content` text NOT NULL,
	`rules` text NOT NULL,
	`extra_fields` text DEFAULT '{}' NOT NULL,
	`posting` text,
	`marker_label` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`draft_id`) REFERENCES `story_draft`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `story_draft_version_number` ON `story_draft_version` (`draft_id`,`version`);--> statement-breakpoint
CREATE TABLE `story_draft` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`parent_id` text,
	`position` integer NOT NULL,
	`status` text DEFAULT 'proposed' NOT NULL,
	`version` integer NOT NULL,
	`similar` text DEFAULT '[]' NOT NULL,
	`issue_key` text,
	`issue_url` text,
	`intent_id` text,
	`problem` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `story_draft_conversation` ON `story_draft` (`conversation_id`,`position`);--> statement-breakpoint
CREATE INDEX `story_draft_parent` ON `story_draft` (`parent_id`);--> statement-breakpoint
CREATE TABLE `keyring_check` (
	`key_id` text PRIMARY KEY NOT NULL,
	`check` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_event` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`user_id` text,
	`employee_id` text,
	`action` text NOT NULL,
	`outcome` text NOT NULL,
	`detail` text NOT NULL,
	`request_id` text,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit_event` (`at`);--> statement-breakpoint
CREATE INDEX `audit_user` ON `audit_event` (`user_id`,`at`);--> statement-breakpoint
CREATE INDEX `audit_action` ON `audit_event` (`action`,`at`);--> statement-breakpoint
CREATE TABLE `confluence_config` (
	`user_id` text PRIMARY KEY NOT NULL,
	`url` text,
	`encrypted_pat` text,
	`verify_tls` integer DEFAULT true NOT NULL,
	`encrypted_ca` text,
	`test` text,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `llm_config` (
	`user_id` text PRIMARY KEY NOT NULL,
	`encrypted_credential` text,
	`verify_tls` integer DEFAULT true NOT NULL,
	`encrypted_ca` text,
	`test` text,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `preference` (
	`user_id` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `preference_key` ON `preference` (`user_id`,`key`);--> statement-breakpoint
CREATE TABLE `registration_attempt` (
	`id` text PRIMARY KEY NOT NULL,
	`encrypted_jira_pat` text NOT NULL,
	`person` text NOT NULL,
	`purpose` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `registration_attempt_expires` ON `registration_attempt` (`expires_at`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	`absolute_expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`user_agent` text,
	`address` text,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `session_user` ON `session` (`user_id`);--> statement-breakpoint
CREATE INDEX `session_expires` ON `session` (`expires_at`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`employee_id` text NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`display_name` text NOT NULL,
	`hashed_password` text NOT NULL,
	`encrypted_jira_pat` text NOT NULL,
	`jira_url` text NOT NULL,
	`avatar_url` text,
	`avatar_image` text,
	`role` text DEFAULT 'user' NOT NULL,
	`disabled_at` integer,
	`jira_verify_tls` integer DEFAULT true NOT NULL,
	`jira_encrypted_ca` text,
	`jira_test` text,
	`jira_changed_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_employee_id` ON `user` (lower("employee_id"));--> statement-breakpoint
CREATE INDEX `user_email` ON `user` (lower("email"));--> statement-breakpoint
CREATE INDEX `user_name` ON `user` (lower("name"));--> statement-breakpoint
CREATE TABLE `background_job` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`user_id` text,
	`status` text NOT NULL,
	`input` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`max_attempts` integer DEFAULT 6 NOT NULL,
	`problem` text,
	`lease_owner` text,
	`lease_until` integer,
	`fence` integer DEFAULT 0 NOT NULL,
	`run_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`request_id` text,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `background_job_due` ON `background_job` (`status`,`run_at`);--> statement-breakpoint
CREATE INDEX `background_job_user` ON `background_job` (`user_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `tool_catalog` (
	`user_id` text NOT NULL,
	`server_id` text NOT NULL,
	`tools` text NOT NULL,
	`capabilities` text NOT NULL,
	`fetched_at` integer NOT NULL,
	`ttl_ms` integer NOT NULL,
	`problem` text,
	`refreshed_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tool_catalog_server` ON `tool_catalog` (`user_id`,`server_id`);