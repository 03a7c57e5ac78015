CREATE TABLE `usage_days` (
	`day` integer PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`counted_version` integer
);
--> statement-breakpoint
CREATE TABLE `usage_prompts` (
	`day` integer NOT NULL,
	`site_id` text NOT NULL,
	`preset_id` text NOT NULL,
	`prompt_hash` text NOT NULL,
	`prompt` text NOT NULL,
	`jobs` integer NOT NULL,
	`views` integer NOT NULL,
	`downloads` integer NOT NULL,
	PRIMARY KEY(`day`, `site_id`, `preset_id`, `prompt_hash`)
);
--> statement-breakpoint
CREATE TABLE `usage_totals` (
	`day` integer NOT NULL,
	`number` integer NOT NULL,
	`site_id` text NOT NULL,
	`preset_id` text NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`mode` text NOT NULL,
	`seconds` integer NOT NULL,
	`sound` integer NOT NULL,
	`status` text NOT NULL,
	`jobs` integer NOT NULL,
	`tokens_sold` integer NOT NULL,
	`tokens_refunded` integer NOT NULL,
	`clips` integer NOT NULL,
	`waited_ms` integer NOT NULL,
	`views` integer NOT NULL,
	`downloads` integer NOT NULL,
	`took` text NOT NULL,
	PRIMARY KEY(`day`, `number`)
);
