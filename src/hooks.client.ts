import { config } from 'zod/v4/core';

// Zod tries out whether it may compile its schemas. The page's policy refuses, rightly, and each try would be reported
// like an attack.
config({ jitless: true });
