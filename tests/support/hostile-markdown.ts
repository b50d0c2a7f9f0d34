/**
 * Markdown that would run a script, ask another host or break out of the page's markup if the renderer took any of it
 * at its word. What runs sets `window.owned`; what asks, asks `evil.example`.
 */
export function hostileMarkdown(): string[] {
  const html = [...runningHtml(), ...askingHtml, ...confusedHtml];
  return [
    ...new Set([
      ...html,
      ...addresses.flatMap((address) => linksTo(address)),
      ...html.slice(0, 24).flatMap((tag) => placed(tag)),
      ...brokenMarkdown,
    ]),
  ];
}

function runningHtml(): string[] {
  const run = 'window.owned=1';
  const handled: [tag: string, handler: string][] = [
    ['img src=x', 'onerror'],
    ['image src=x', 'onerror'],
    ['svg', 'onload'],
    ['body', 'onload'],
    ['body', 'onpageshow'],
    ['video src=x', 'onerror'],
    ['audio src=x', 'onerror'],
    ['video><source', 'onerror'],
    ['details open', 'ontoggle'],
    ['input autofocus', 'onfocus'],
    ['select autofocus', 'onfocus'],
    ['textarea autofocus', 'onfocus'],
    ['button autofocus', 'onfocus'],
    ['a href=# autofocus', 'onfocus'],
    ['div tabindex=0 autofocus', 'onfocusin'],
    ['marquee', 'onstart'],
    ['iframe', 'onload'],
    ['object data=x', 'onerror'],
    ['embed src=x', 'onload'],
    ['link rel=stylesheet href=x', 'onerror'],
    ['script src=x', 'onerror'],
    ['style', 'onload'],
    ['svg><animate attributeName=x dur=1s', 'onbegin'],
    ['svg><set attributeName=x', 'onbegin'],
    ['div style="animation:a"', 'onanimationstart'],
    ['div style="transition:all 1ms"', 'ontransitionend'],
    ['p', 'onmouseover'],
    ['a href="https://good.example"', 'onclick'],
    ['table', 'onpointerenter'],
    ['code', 'onauxclick'],
  ];
  return handled.flatMap(([tag, handler]) => [
    `<${tag} ${handler}="${run}">`,
    `<${tag}/${handler}=${run}//`,
    `<${tag.toUpperCase()}\n${handler.toUpperCase()}\n=\n'${run}'>x`,
  ]);
}

const askingHtml = [
  '<img src="https://evil.example/i.png">',
  '<img srcset="https://evil.example/i.png 1x">',
  '<picture><source srcset="https://evil.example/i.webp"><img></picture>',
  '<iframe src="https://evil.example/f"></iframe>',
  '<object data="https://evil.example/o"></object>',
  '<embed src="https://evil.example/e">',
  '<link rel="stylesheet" href="https://evil.example/s.css">',
  '<link rel="prefetch" href="https://evil.example/p">',
  '<link rel="preconnect" href="https://evil.example">',
  '<style>@import "https://evil.example/i.css";</style>',
  '<style>body{background:url(https://evil.example/b)}</style>',
  '<p style="background:url(https://evil.example/b)">x</p>',
  '<table background="https://evil.example/t"><tr><td>x</td></tr></table>',
  '<video poster="https://evil.example/v.png"></video>',
  '<video><track src="https://evil.example/t.vtt" default></video>',
  '<input type="image" src="https://evil.example/i.png">',
  '<svg><image href="https://evil.example/i.png"/></svg>',
  '<svg><use href="https://evil.example/u.svg#x"/></svg>',
  '<svg><feImage href="https://evil.example/i.png"/></svg>',
  '<math href="https://evil.example/">x</math>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/"><button>x</button></form>',
  '<button form="f" formaction="https://evil.example/">x</button><form id="f"></form>',
  '<a href="https://good.example" ping="https://evil.example/ping">x</a>',
  '<portal src="https://evil.example/"></portal>',
  '<body background="https://evil.example/b">',
];

/** Where parsers disagree on what is inside of what. */
const confusedHtml = [
  '<script>window.owned=1</script>',
  '<scr<script>ipt>window.owned=1</scr</script>ipt>',
  '<svg><script>window.owned=1</script></svg>',
  '<svg><style><img src=x onerror="window.owned=1"></style></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror="window.owned=1">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=window.owned=1&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=window.owned=1>">',
  '<textarea><p title="</textarea><img src=x onerror=window.owned=1>">',
  '<title><p title="</title><img src=x onerror=window.owned=1>">',
  '<xmp><p title="</xmp><img src=x onerror=window.owned=1>">',
  '<template><img src=x onerror=window.owned=1></template>',
  '<iframe srcdoc="<script>parent.owned=1</script>"></iframe>',
  '<select><template><style><img src=x onerror=window.owned=1></style></template></select>',
  '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=window.owned=1>',
  '<svg></p><style><a id="</style><img src=x onerror=window.owned=1>">',
  '<!--><img src=x onerror=window.owned=1>-->',
  '<![CDATA[<img src=x onerror=window.owned=1>]]>',
  '<?xml version="1.0"?><img src=x onerror=window.owned=1>',
  '<!DOCTYPE html [<!ENTITY x "<img src=x onerror=window.owned=1>">]>&x;',
  '<plaintext><img src=x onerror=window.owned=1>',
  '<form id="attributes"><input name="nodeName"></form>',
  '<a id="owned"></a><a id="owned" name="x"></a>',
  '<img name="body"><img name="cookie">',
  '<div slot="x"><slot name="x"></slot></div>',
  '&lt;img src=x onerror=window.owned=1&gt;',
  '&#60;img src=x onerror=window.owned=1&#62;',
  '\u003cimg src=x onerror=window.owned=1\u003e',
];

const addresses = [
  'javascript:window.owned=1',
  'JaVaScRiPt:window.owned=1',
  'javascript://good.example/%0Awindow.owned=1',
  'java\tscript:window.owned=1',
  '\u0001javascript:window.owned=1',
  'javascript&colon;window.owned=1',
  '&#106;avascript:window.owned=1',
  '&#x6A;&#x61;vascript:window.owned=1',
  'javascript%3Awindow.owned=1',
  'view-source:javascript:window.owned=1',
  'data:text/html,<script>window.owned=1</script>',
  'data:text/html;base64,PHNjcmlwdD53aW5kb3cub3duZWQ9MTwvc2NyaXB0Pg==',
  'data:image/svg+xml,<svg onload="window.owned=1">',
  'vbscript:window.owned=1',
  'blob:https://evil.example/1',
  'file:///etc/passwd',
  '//evil.example/relative',
  'https:evil.example/no-slashes',
  'https://good.example@evil.example/',
  'https://evil.example/" onmouseover="window.owned=1',
  "https://evil.example/' onmouseover='window.owned=1",
  'https://evil.example/`onmouseover=window.owned=1',
  'https://evil.example/><img src=x onerror=window.owned=1>',
  'https://evil.example/\u202Emoc.doog//:sptth',
];

function linksTo(address: string): string[] {
  return [
    `[link](${address})`,
    `[link](<${address}>)`,
    `[link](${address} "title\\" onmouseover=\\"window.owned=1")`,
    `<${address}>`,
    `![image](${address})`,
    `[![image](${address})](${address})`,
    `[link][ref]\n\n[ref]: ${address}`,
    `<a href="${address}">link</a>`,
  ];
}

function placed(tag: string): string[] {
  return [
    `- item ${tag}`,
    `> ${tag}`,
    `# ${tag}`,
    `**${tag}**`,
    `[${tag}](https://good.example/)`,
    `| a |\n|---|\n| ${tag} |`,
    `\`\`\`${tag}\n${tag}\n\`\`\``,
    `\`${tag}\``,
    `1. text\n\n    ${tag}\n\n   ${tag}`,
  ];
}

const brokenMarkdown = [
  '[link](javascript:window.owned=1',
  '[link](<javascript:window.owned=1',
  '![a](x"onerror="window.owned=1)',
  '![a"onerror="window.owned=1](x)',
  '[a](https://good.example/"onclick="window.owned=1)',
  '[a]: javascript:window.owned=1\n[a]\n\n[b][a]',
  '```"><img src=x onerror=window.owned=1>\ncode\n```',
  '~~~\n<script>window.owned=1</script>',
  '<https://good.example/"onmouseover="window.owned=1>',
  'www.evil.example/"onmouseover="window.owned=1',
  'a@b.example"onmouseover="window.owned=1',
  '| <script>window.owned=1</script> |\n|:--"onload="window.owned=1--|',
  '- [ ] <input autofocus onfocus=window.owned=1>',
  '[x]: <data:text/html,<script>window.owned=1</script>>\n\n![x]',
];
