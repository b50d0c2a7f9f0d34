export * from './keyring.ts';
export * from './people.ts';
export * from './conversations.ts';
export * from './tools.ts';
