// Zod tries out whether it may compile its schemas. The page's policy refuses, rightly, and each try would be reported
// like an attack. It reads its settings from here when it is loaded; its own `config` would bring its core into the first
// scripts of every page, and most pages need none of it.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
