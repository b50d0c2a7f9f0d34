/**
 * Words that people build their passwords on, put together by us from what breach reports name again and again:
 * words for "password" in several languages, names, seasons, teams, products, rows of keys.
 */
const COMMON_WORDS = new Set(
  `
  aaaaaa abc abcabc abcd abcde abcdef abcdefg access accounting admin administrator agile ajax alexander
  alexandra allah amanda amazon america amigo amour amsterdam andrea andrew android angel anna anthony
  anything apple apples april arsenal asdasd asdf asdfgh asdfghjkl ashley asshole atlassian audi august
  australia autumn avengers azerty azertyuiop baby babygirl backlog backlogue banana bank barcelona baseball
  basketball batman bayern bear beatles beer berlin bible bienvenue bier birthday bitch bitcoin black
  blessed blue blume bmw bonita bonjour boss boston brasil brother buddha bullshit burger business buster
  butter butterfly california camaro canada candy cash celtics change changeme charlie cheese cheetah chef
  chelsea cherry chicago chocolate chouchou christ christian christmas chrome church coffee company computer
  confluence contrasena cookie corazon corinthians corvette counterstrike cowboys credit cricket crystal
  customer dallas daniel danke database david debian december default demo desktop deutschland dezember
  diablo diamond director docker dollar dolphin dortmund doudou drache dragon dublin eagle easter eminem
  energy england enterprise espana estrella europe example facebook faith falcon familie family father
  februar february ferrari feyenoord finance firefox firma flamengo florian florida flower football forever
  fortnite france frankfurt freedom freiheit freitag freund freunde friday friend friends frodo fruehling
  fuckoff fuckyou fussball futbol gandalf gast geburtstag geheim geneva george germany ginger github gitlab
  god gold golden golf google green guest guitar hallo halloween halo hamburg happy harley haslo hawk heaven
  hejsan hello helpdesk herbst heslo hobbit hockey hola holiday honda horse hottie houston hulk hunter
  iloveyou instagram internet iphone ironman italia januar january javascript jazz jedi jelszo jenkins
  jennifer jessica jesus jira jordan joshua julia july june juventus kaffee kanban kawasaki kennwort
  keyboard killer kitten kitty knight kochanie kubernetes kunde lakers laptop laura lemon letmein liebe
  linux lion lisa lisbon liverpool login logon london losenord loulou love lover loveyou lucky luigi madrid
  maggie magic manager manchester march maria marie mario marketing markus marseille martin master matrix
  matthew mercedes merci merlin metal metallica mexico michael michelle microsoft milan million minecraft
  monday money monitor monkey montag motdepasse mother muenchen munich music mustang mutter mypassword mysql
  mystery naked nederland neo network newpass newyork nicole nina ninja nirvana nopassword nothing november
  october office oktober oliver open opensesame operator oracle orange overwatch packers panther paris
  parola pass passphrase passport passw0rd password passwort patrick patriots peace pepper peter piano
  pikachu pirate pizza please pokemon polska pony porsche postgres power president princesa princess
  princesse prinzessin punk puppy purchase purple python qazwsx qazwsxedc queen qweasd qweasdzxc qweqwe
  qwerty qwertyuiop qwertz qwertzuiop rainbow ranger realmadrid red robert roblox rock rockstar rome root
  rugby salasana sales samantha sample samsung samurai sarah saturday schalke schmetterling scrum sebastian
  secret senha september server service sesame sexy shadow shark signin silver simon sister skywalker
  slipknot smile soccer soleil something sommer sonic sonntag sophie spiderman spock spring sprint starcraft
  startrek starwars steelers stefan stories story strawberry success sugar summer sunday sunshine superman
  superuser supervisor support suzuki team teamo temp temporary tennis tequiero test tester testing texas
  thankyou thepassword thomas thursday tiger tobias together tolkien toyota trinity trustno tuesday twitter
  typescript ubuntu user vader vater vienna vodka volkswagen wachtwoord warcraft warrior wednesday weekend
  weihnachten welcome welkom whatever whiskey white wien william willkommen windows winter wizard wolf work
  worker wsxedc xxxxxx yamaha yankees yellow yoda yourpassword youtube yxcvbnm zelda zurich zxcvbn zxcvbnm
  zzzzzz
`
    .trim()
    .split(/\s+/),
);

/** What people write for a letter. Several readings are tried where a sign stands for two. */
const DISGUISES: Record<string, string>[] = [
  { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't', '8': 'b' },
  { '@': 'a', '4': 'a', '3': 'e', '1': 'l', '!': 'l', '0': 'o', $: 's', '5': 's', '7': 't', '9': 'g' },
];

/**
 * Whether a password is a common word in any case, with digits and signs around it and common disguises in it:
 * `Summer2026!` and `P@ssw0rd1` meet every rule of composition and are among the first that a guesser tries.
 */
export function isCommonPassword(password: string): boolean {
  const lower = password.normalize('NFKC').toLowerCase();
  return DISGUISES.some((disguise) => {
    const trimmedFirst = disguised(trimmed(lower), disguise);
    const disguisedFirst = trimmed(disguised(lower, disguise));
    return COMMON_WORDS.has(trimmedFirst) || COMMON_WORDS.has(disguisedFirst);
  });
}

function disguised(text: string, disguise: Record<string, string>): string {
  return [...text].map((character) => disguise[character] ?? character).join('');
}

/** Without the digits and signs at both ends. */
function trimmed(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}
