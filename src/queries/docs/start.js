/**
 * Shows the API description. On a developer's machine, the page names the port of a server that gives it tokens; the page then signs
 * in automatically, as an admin first.
 */
const CALLERS = {
  admin: 'role=admin',
  'customer c1': 'role=customer&customerId=c1',
  'customer c2': 'role=customer&customerId=c2',
  warehouse: 'role=warehouse',
  analyst: 'role=analyst',
};

const tokenPort = document.querySelector('meta[name="token-port"]')?.content;
const ui = SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  onComplete: () => {
    if (tokenPort !== undefined) offerCallers();
  },
});

/** Adds the choice of a caller, and signs in as the first one. */
function offerCallers() {
  const choice = document.createElement('select');
  choice.append(...Object.keys(CALLERS).map((name) => new Option(name)));
  const label = document.createElement('label');
  label.append('Development token for: ', choice);
  const wrapper = document.createElement('div');
  wrapper.className = 'wrapper';
  wrapper.append(label);
  const bar = document.createElement('div');
  bar.className = 'swagger-ui';
  bar.append(wrapper);
  document.querySelector('#docs').before(bar);
  choice.addEventListener('change', () => signIn(choice.value));
  return signIn(choice.value);
}

async function signIn(caller) {
  const response = await fetch(`http://127.0.0.1:${tokenPort}/?${CALLERS[caller]}`);
  ui.preauthorizeApiKey('bearer', await response.text());
}
