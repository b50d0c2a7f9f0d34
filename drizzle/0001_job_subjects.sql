ALTER TABLE `background_job` ADD `subject` text;--> statement-breakpoint
CREATE UNIQUE INDEX `background_job_unfinished` ON `background_job` (`subject`) WHERE "background_job"."status" in ('queued', 'running');--> statement-breakpoint
ALTER TABLE `tool_catalog` ADD `tested_schemas` text DEFAULT '{}' NOT NULL;