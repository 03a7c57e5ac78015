/** English texts of the site pages, and the type of the Russian ones. */
import type { FindingCode, TokenReport } from '../../http/token-findings.ts';

/** `given` and `expected` are values of the token and of the site. */
type Sentence = (facts: { given: string; expected: string }) => string;

const findings: Record<FindingCode, Sentence> = {
  readable: () => 'It is a readable token.',
  unreadable: () =>
    'This is no signed token: it must be three parts joined by dots, without quotes, spaces or “Bearer”, as your server made it.',
  issuerKnown: ({ given, expected }) => `Its issuer (iss) ${given} is that of the site ${expected}.`,
  issuerUnknown: ({ given }) =>
    `No site has the issuer (iss) ${given || '—'}. Let your server write the issuer of its site, to the letter.`,
  algGood: ({ given }) => `It is signed by ${given}, which this site may use.`,
  algRefused: ({ given, expected }) => `It names the algorithm ${given || '—'}; this site’s tokens need ${expected}.`,
  signedByCurrent: () => 'The signature is made with the current secret.',
  signedByNext: () => 'The signature is made with the new secret of the rotation that goes on.',
  signedByJwks: () => 'The signature fits a key at the site’s JWKS address.',
  signatureWrong: () =>
    'The signature fits no key of this site: another secret, a secret with a line break at its end, or a changed token.',
  jwksUnreachable: () => 'The site’s JWKS address did not answer as it should, so the signature cannot be checked.',
  secretUnreadable: () =>
    'The site’s secret cannot be read: SECRET of the server has changed. Make a second secret and finish the rotation.',
  audienceGood: ({ given }) => `Its audience (aud) ${given} is right.`,
  audienceWrong: ({ given, expected }) => `Its audience (aud) is ${given || 'missing'}; this site needs ${expected}.`,
  issuedGood: () => 'It was issued (iat) at a fitting time:',
  issuedMissing: () => 'The time of issue (iat) is missing or no number of seconds.',
  issuedInFuture: () => 'It was issued (iat) in the future. Set the clock of your server:',
  expiryGood: () => 'It is good (exp) until:',
  expiryMissing: () => 'The end (exp) is missing or no number of seconds.',
  expired: () => 'It has expired (exp):',
  lifetimeGood: ({ given, expected }) => `It lives for ${given} min; the site allows ${expected} min.`,
  lifetimeLong: ({ given, expected }) =>
    `It lives for ${given} min, but the site allows ${expected} min from iat to exp. Let it end sooner.`,
  notBeforeGood: () => 'It is good (nbf) since:',
  notYet: () => 'It is not good yet (nbf), or nbf is no number of seconds:',
  subjectGood: ({ given }) => `The seller (sub) is ${given}.`,
  subjectWrong: () => 'The seller’s id (sub) is missing: it must be a text of 1 to 200 plain characters.',
  claimWrong: ({ given }) => `The claim ${given} is not as it must be: a plain text of fitting length.`,
};

const verdicts: Record<TokenReport['verdict'], string> = {
  good: 'The server takes this token.',
  token_expired: 'The server refuses this token: it has expired (token_expired).',
  unavailable: 'The server cannot check this token now (unavailable).',
  internal: 'The server cannot check any token of this site (internal).',
  unauthorized: 'The server refuses this token (unauthorized).',
};

export const sites = {
  title: 'Sites',
  lead: 'Panels whose sellers may use the widget: from which pages, and by whose tokens.',
  empty: 'No sites yet',
  emptyDo: 'Create one below: its sellers can use the widget as soon as your server makes tokens for them.',
  site: 'Site',
  id: 'Id',
  idHint: 'Lower-case letters, digits and hyphens, such as my-panel. It cannot be changed later.',
  name: 'Name',
  issuer: 'Issuer (iss)',
  issuerHint: 'What your server writes into iss, to the letter. No two sites share it.',
  audience: 'Audience (aud)',
  audienceHint: 'What your server writes into aud.',
  origins: 'Origins of its pages',
  originsHint: 'One per line, such as https://panel.example: no path, no slash at the end.',
  noOrigins: 'None: no page may call',
  key: 'What proves its tokens',
  keyKinds: {
    generate: 'A new shared secret (HS256), made here and shown once',
    paste: 'A shared secret of yours (HS256)',
    jwks: 'Public keys at an address (JWKS: RS256, ES256, EdDSA)',
  },
  shared: 'shared secret (HS256)',
  jwks: 'public keys (JWKS)',
  jwtSecret: 'Your secret',
  jwtSecretHint: 'Only with “of yours”: at least 32 characters. It is kept sealed and never shown.',
  jwksUrl: 'JWKS address',
  jwksUrlHint: 'Only with public keys: https.',
  jwksUrlEditHint: 'https. The server fetches the keys from there.',
  minutes: 'Longest life of a token, minutes',
  minutesHint: '1 to 15 with a shared secret, up to 1440 with public keys.',
  caps: 'Caps',
  capsHint:
    '0 is none of the site’s own. The server’s settings hold besides: the stricter one counts. A day is a UTC day.',
  sellerDailyJobs: 'Jobs of one seller a day',
  sellerOpenJobs: 'Open jobs of one seller at once',
  siteDailyJobs: 'Jobs of all sellers of the site a day',
  blockedWords: 'Blocked words',
  blockedWordsHint:
    'One word or phrase per line, 500 at most. An order with one of them in its texts is refused before anything is paid. Whole words count, in capitals or not.',
  fromSettings: 'from the settings',
  fromSettingsHint:
    'This site stands in the SITE_* settings of the server, which write these fields at each start: change them there. Caps, blocked words and API keys are kept here.',
  create: 'New site',
  createSubmit: 'Create the site',
  settings: 'Settings',
  since: 'Since',
  secret: 'Shared secret',
  secretOnce: 'Put it into the settings of your server now: it is shown this once and kept sealed.',
  rotate: 'Make a second secret',
  rotateHint: 'Tokens signed with either are good until you finish the rotation, so no seller notices.',
  rotating: 'a rotation goes on: tokens of both secrets are good',
  rotationEnd: 'Finish the rotation',
  rotationEndHint: 'When your server signs with the new one. From then on the old one proves nothing.',
  rotationEndSettingsHint:
    'When your server signs with the new one: put it into SITE_JWT_SECRET too and restart this server, then finish. Otherwise the next start would bring the old one back.',
  rotateAgain: 'Make the second secret anew',
  rotateAgainHint: 'If it was lost. The present one stays good, the lost one does not.',
  jwksRotation: 'Keys are changed at the address itself: publish the new one beside the old one there.',
  apiKeys: 'API keys',
  apiKeysHint: 'For your server’s own calls: grants, balances, jobs. Each is shown once and stored as a digest.',
  apiKeyOnce: 'Put the key into the settings of your server now: it is shown this once.',
  apiKey: 'New API key',
  apiKeyName: 'Name of the key',
  apiKeyNameHint: 'What it is for, such as billing.',
  apiKeySubmit: 'Make a key',
  apiKeysEmpty: 'No keys were made here yet.',
  apiKeySettings: 'The key in SITE_API_KEY works besides.',
  hint: 'Begins with',
  made: 'Made',
  state: 'State',
  live: 'works',
  revoked: 'revoked',
  revoke: 'Revoke',
  embed: 'Code for this site',
  embedHint: 'It works on pages of these origins:',
  try: 'Try a token',
  tryLead: 'Paste a token that your server made: the page says what is right and wrong with it. It is not kept.',
  tryHint: 'Three parts joined by dots.',
  trySubmit: 'Look at it',
  token: 'Token',
  verdict: 'What the server says',
  findings: 'What was found',
  finding: 'Finding',
  good: 'right',
  bad: 'wrong',
  claims: 'What stands in it',
  findingSentences: findings,
  verdicts,
};

export const siteNotices = {
  siteCreated: 'The site was created.',
  siteSaved: 'The site was saved. Running servers follow within five seconds.',
  siteSame: 'Nothing was different.',
  siteRotated: 'A second secret is good beside the present one.',
  siteRotationEnded: 'Only the new secret proves tokens now.',
  siteKeyMade: 'The key was made.',
  siteKeyRevoked: 'The key was revoked. Running servers follow within five seconds.',
};

export const siteProblems = {
  siteId: 'Use 1 to 40 lower-case letters, digits and hyphens, with a letter or digit first.',
  siteIdTaken: 'There is a site with this id already.',
  siteName: 'Write a name of up to 200 characters.',
  siteIssuerEmpty: 'Write the issuer, up to 500 characters.',
  siteIssuerTaken: 'Another site has this issuer already.',
  siteAudience: 'Write the audience, up to 200 characters.',
  siteOrigins:
    'Write whole origins, one per line, such as https://panel.example: no path, no slash at the end. 50 at most.',
  siteSecret: 'Write a secret of 32 to 500 characters, such as the output of: openssl rand -hex 32',
  siteJwksUrl: 'Write an https address, such as https://panel.example/.well-known/jwks.json',
  siteMinutes: 'Write 1 to 1440 minutes.',
  siteMinutesShared: 'Write 1 to 15 minutes: tokens of a shared secret live no longer.',
  siteCap: 'Write a whole number; 0 is no cap.',
  siteWords: 'Write one word or phrase per line, up to 60 characters each, 500 at most.',
  siteWordEmpty: 'Each line needs a letter or a digit: signs alone are never found.',
  siteConflict: 'Somebody changed this site meanwhile. Open the page anew, then change it.',
  siteRotationSettings:
    'SITE_JWT_SECRET still holds another secret. Put the new one there and restart the server first.',
  siteKeyName: 'Write a name of up to 100 characters.',
  siteToken: 'Paste a token.',
};

export const siteActions = {
  'site.created': 'Site created',
  'site.changed': 'Site changed',
  'site.rotationStarted': 'Site’s second secret made',
  'site.rotationFinished': 'Site’s secret rotation finished',
  'site.keyMade': 'Site’s API key made',
  'site.keyRevoked': 'Site’s API key revoked',
};

export const siteFields = {
  issuer: 'Issuer',
  audience: 'Audience',
  origins: 'Origins',
  jwksUrl: 'JWKS address',
  maxTokenSeconds: 'Longest life of a token, s',
  sellerDailyJobs: 'Jobs of a seller a day',
  sellerOpenJobs: 'Open jobs of a seller',
  siteDailyJobs: 'Jobs of the site a day',
  blockedWords: 'Blocked words',
  hint: 'Begins with',
};
