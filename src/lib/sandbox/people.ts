/**
 * The people of the practice world. Their tokens are published on purpose: they open nothing but the
 * sandbox on loopback, and a newcomer finds them in the start summary.
 */
export interface PracticePerson {
  /** Jira's `name`, Confluence's `username` and what the practice model's whoami answers. */
  readonly employeeId: string;
  /** Jira's internal user key, which differs from the sign-in name on a real instance too. */
  readonly userKey: string;
  readonly displayName: string;
  readonly email: string;
  readonly initials: string;
  /** Background of the avatar, as a CSS colour. */
  readonly avatarColour: string;
  readonly role: 'Product owner' | 'Developer' | 'Administrator' | 'Former employee';
  readonly isAdministrator: boolean;
  readonly account: 'active' | 'inactive' | 'deleted';
  /** 44 base64 characters, the form of a Data Center personal access token. */
  readonly jiraToken: string;
  /** At most 20 characters, the product's default limit. */
  readonly confluenceToken: string;
  /** Value of the cookie that the practice model asks for. */
  readonly llmCookie: string;
  /** Keys of the Jira projects that this person may browse. */
  readonly browsableProjects: readonly string[];
}

export const alice: PracticePerson = {
  employeeId: 'E10421',
  userKey: 'JIRAUSER10100',
  displayName: 'Alice Martin',
  email: 'alice.martin@example.test',
  initials: 'AM',
  avatarColour: '#7a3e2b',
  role: 'Product owner',
  isAdministrator: false,
  account: 'active',
  jiraToken: 'NDgyOTEwMzc1NTI2OnhCtY1yPEwOVZl3jgB/3D8jsIDC',
  confluenceToken: 'wiki-alice-7Qm2x9Lr4',
  llmCookie: 'practice-alice-5e1c0f9a3b7d',
  browsableProjects: ['DEMO', 'OPS'],
};

export const omar: PracticePerson = {
  employeeId: 'E10388',
  userKey: 'JIRAUSER10101',
  displayName: 'Omar Haddad',
  email: 'omar.haddad@example.test',
  initials: 'OH',
  avatarColour: '#24566b',
  role: 'Developer',
  isAdministrator: false,
  account: 'active',
  jiraToken: 'NzMxNjA0OTI4ODE3OuI/0cJyMG/IAhQHuoGpCJD7LhCK',
  confluenceToken: 'wiki-omar-3Vt8k1Np6',
  llmCookie: 'practice-omar-a20d4c86f913',
  // Not OPS: two people with different tokens must see different projects.
  browsableProjects: ['DEMO'],
};

export const ines: PracticePerson = {
  employeeId: 'E10007',
  userKey: 'JIRAUSER10102',
  displayName: 'Ines Keller',
  email: 'ines.keller@example.test',
  initials: 'IK',
  avatarColour: '#4b5a1f',
  role: 'Administrator',
  isAdministrator: true,
  account: 'active',
  jiraToken: 'OTA1NTEzODcyMDQ2OtWElGUdtXjch7iV2N+CnIbnQAzP',
  confluenceToken: 'wiki-ines-9Hd5w2Bz0',
  llmCookie: 'practice-ines-71f8be035a4c',
  browsableProjects: ['DEMO', 'OPS'],
};

/** Exists only to be refused: Jira still knows the account, and says that it is inactive. */
export const inactivePerson: PracticePerson = {
  employeeId: 'E09112',
  userKey: 'JIRAUSER10103',
  displayName: 'Pavel Novak',
  email: 'pavel.novak@example.test',
  initials: 'PN',
  avatarColour: '#5c5c5c',
  role: 'Former employee',
  isAdministrator: false,
  account: 'inactive',
  jiraToken: 'MzE2NDI4MDk1NzMxOgeIJAsgnoYMo2ZYyF74jV1j9IHi',
  confluenceToken: 'wiki-pavel-4Jc6r8Yq1',
  llmCookie: 'practice-pavel-0c9e62d1748b',
  browsableProjects: [],
};

/** Exists only to be refused: the account is marked as deleted. */
export const deletedPerson: PracticePerson = {
  employeeId: 'E08230',
  userKey: 'JIRAUSER10104',
  displayName: 'Rosa Lindqvist',
  email: 'rosa.lindqvist@example.test',
  initials: 'RL',
  avatarColour: '#5c5c5c',
  role: 'Former employee',
  isAdministrator: false,
  account: 'deleted',
  jiraToken: 'NjI3Nzg1MTQwMzkyOj6KDBAPQYekVcAtwxugEKbkQi7h',
  confluenceToken: 'wiki-rosa-6Xg0m3Fs7',
  llmCookie: 'practice-rosa-e4513ba87f20',
  browsableProjects: [],
};

/** The three people whom the start summary offers, in the order in which it names them. */
export const practicePeople: readonly PracticePerson[] = [alice, omar, ines];

export interface People {
  /** Everybody, those who exist only to be refused included. */
  readonly all: readonly PracticePerson[];
  byEmployeeId(employeeId: string): PracticePerson | undefined;
  byJiraToken(token: string): PracticePerson | undefined;
  byConfluenceToken(token: string): PracticePerson | undefined;
  byLlmCookie(cookie: string): PracticePerson | undefined;
}

/** Finds practice people by what they present. Employee ids compare without case, credentials exactly. */
export function createPeople(
  all: readonly PracticePerson[] = [...practicePeople, inactivePerson, deletedPerson],
): People {
  return {
    all,
    byEmployeeId: (employeeId) =>
      all.find((person) => person.employeeId.toLowerCase() === employeeId.toLowerCase()),
    byJiraToken: (token) => all.find((person) => person.jiraToken === token),
    byConfluenceToken: (token) => all.find((person) => person.confluenceToken === token),
    byLlmCookie: (cookie) => all.find((person) => person.llmCookie === cookie),
  };
}
