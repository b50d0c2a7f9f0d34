CREATE TABLE `bypass_policy` (
	`rule_key` text PRIMARY KEY NOT NULL,
	`who` text NOT NULL,
	`people` text NOT NULL,
	`reason_required` integer NOT NULL,
	`changed_at` integer NOT NULL
);
