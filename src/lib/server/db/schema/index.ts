export * from './keyring.ts';
export * from './people.ts';
export * from './conversations.ts';
export * from './creations.ts';
export * from './tools.ts';
export * from './model-calls.ts';
export * from './api-keys.ts';
export * from './storage.ts';
