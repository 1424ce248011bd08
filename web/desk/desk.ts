// The reading desk: one document that becomes facts. The server keeps everything; the page asks it for each act, and shows what it says.
import { one, partsIn } from "../base/elements.ts";
import { FactsList, showCoverage } from "./facts_list.ts";
import { DeskMessage, DeskServer } from "./server.ts";
import { FactChoices } from "./fact_choices.ts";
import { FactForm } from "./fact_form.ts";
import { letterSwitch, listen } from "./letter_keys.ts";
import { NamesForm, PartForm, QuestionForm } from "./side_forms.ts";
import { Proposals } from "./proposals.ts";
import { Rules } from "./rules.ts";
import { count, number, say } from "./said.ts";
import { SameForm } from "./same_form.ts";
import { Settling } from "./settling.ts";
import { TextPane } from "./text_pane.ts";

/** Kinds of proposals that say which thing the words name: one key is enough. */
const NAMED = new Set(["person", "organisation", "place", "innovation", "stage", "event"]);

const body = document.body;
const parts = partsIn(body, "desk");
const { slug = "" } = body.dataset;
const secret = one(document.head, "meta[name=desk-csrf]").getAttribute("content") ?? "";

let state: DeskState;
let pane: TextPane;

const message = new DeskMessage(parts);
const failed = (error: unknown) => message.failed(error);
const server = new DeskServer(slug, secret, {
  busy: (n) => message.busy(n),
  lost: (isLost) => message.lost(isLost),
  state: takeState,
});

function takeState(changed: Partial<DeskState>) {
  state = { ...state, ...changed };
  if (pane) show(new Set(Object.keys(changed)));
}

/** What the text is marked by. */
const MARKS = ["read", "things", "proposals"];
let marking: ReturnType<typeof setTimeout> | undefined;

/** Marks the text anew once keys rest: in a long one that takes longer than a key may. */
function markSoon() {
  clearTimeout(marking);
  marking = setTimeout(() => pane.show(state), 60);
}

/**
 * Shows what changed of the state in all panes.
 * @param changed the keys
 */
function show(changed: Set<string>) {
  if (MARKS.some((it) => changed.has(it))) markSoon();
  if (changed.has("proposals")) proposals.show(state.proposals, state.withheld);
  facts.show(state.facts, pane.selection.spans);
  rules.show(state.findings, state.checking ? say("checking") : (state.unchecked ?? ""), !state.rechecking);
  if (changed.has("coverage")) showCoverage(parts, state, goToPart);
  if (changed.has("parts") || changed.has("coverage")) part.list();
  const waiting = proposals.waiting.length;
  parts.facts.textContent = count("facts", state.facts.length);
  parts.waiting.textContent = count("waiting", waiting);
  for (const place of body.querySelectorAll("[data-count=proposals]"))
    place.textContent = waiting ? number(waiting) : "";
  for (const [name, what] of [
    ["undo", state.undo],
    ["redo", state.redo],
  ] as const) {
    parts[name].disabled = !what;
    parts[name].title = what ? `${say(name)} : ${what}` : say(name);
  }
  const open = state.reader2?.open ?? 0;
  parts.settle.hidden = !state.reader2;
  parts.settle.textContent = open ? count("open_differences", open) : say("settle_title");
  parts.toMend.hidden = !rules.left && !state.checking;
  parts.toMend.textContent = state.checking ? say("checking_short") : count("to_mend", rules.left);
  message.saved(state.saved);
  if (state.rechecking) awaitChecks();
}

let awaiting: ReturnType<typeof setTimeout> | undefined;

/** Asks again, as long as the document is still checked. */
function awaitChecks() {
  awaiting ??= setTimeout(async () => {
    await server.refresh().catch(() => undefined);
    awaiting = undefined;
    if (state.rechecking) awaitChecks();
  }, 500);
}

function goToPart(address: string) {
  const part = state.parts.find((it) => it.address === address);
  if (!part) return;
  pane.selection.go(pane.words.at(part.start), false);
  pane.focus();
}

/** Does an act; what the server answers is shown, what it refuses is for the caller. */
async function act(act: DeskAct) {
  if (!state.checking) rules.begin();
  const answered = await server.act(act).catch((error) => {
    if (error.status === 409) message.tell(error.message || say("changed_elsewhere"), "conflict");
    throw error;
  });
  message.done();
  return answered;
}

const attempt = (asked: DeskAct) => act(asked).catch(failed);

const proposals = new Proposals(parts.proposals, {
  went: (it) => {
    pane.light(it ? [[it.start, it.end]] : []);
    if (it) showPart(it.start);
  },
  accept,
  refuse: (it) => decide(it, { act: "refuse", proposal: it.id }, "refused"),
  edit,
});

function accept(it: DeskProposal) {
  if (it.kind === "contact") return;
  // Between two bearers of a name a person chooses.
  if (it.bearers?.length) edit(it);
  else if (
    NAMED.has(it.kind) ||
    (it.kind === "relation" && it.subject && it.property && it.object) ||
    it.kind === "quotation"
  )
    decide(it, { act: "accept", proposal: it.id }, "accepted");
  else edit(it);
}

function edit(it: DeskProposal) {
  if (it.kind === "contact") return;
  pane.selection.selectAll([[it.start, it.end]]);
  openForm({ words: pane.selection.spans, proposal: it, isNaming: NAMED.has(it.kind) });
}

/** Decides about a proposal and goes on to the next one: the server's answer is not waited for. */
function decide(it: DeskProposal, asked: DeskAct, status: "accepted" | "refused") {
  const was = it.status;
  it.status = status;
  proposals.update(it);
  proposals.current = it.id;
  proposals.step(1);
  // Whoever goes on by keys is told, and finds the proposal waiting: no form opens under the fingers.
  act(asked).catch((error) => {
    it.status = was;
    proposals.update(it);
    if (error.status !== 409)
      message.tell(say("not_decided", { label: it.label, why: error.message || say("failed") }));
  });
}

function showPart(position: number) {
  const part = state.parts.find((it) => it.start <= position && position < it.end);
  parts.part.textContent = part?.label ?? state.document.label;
}

const facts = new FactsList(parts.factsList, {
  change: (fact) => openForm({ words: fact.words, fact }),
  drop: (fact) => void attempt({ act: "drop", fact: fact.id }),
  light: (words) => pane.light(words),
});

const rules = new Rules(parts, { remedy });

/** Does what mends a finding, or opens the form of what its reader must say. */
function remedy({ remedy, subject, set, text }: DeskFinding) {
  const asked = remedy?.do;
  if (!asked) return;
  const fact = state.facts.find((it) => it.id === asked.fact);
  if (asked.act === "change" && fact) openForm({ words: fact.words, fact, because: text });
  else if (asked.act === "question") newQuestion(state.facts.find((it) => it.set === set)?.words, text);
  else if (asked.act === "part") newPart(asked.words as Span[], text);
  else if (asked.act === "name") names.open(String(asked.thing));
  else if (asked.act === "state" && !asked.object) {
    const thing = state.things.find((it) => it.address === asked.subject) ?? subject;
    const beside = state.facts.find((it) => it.set && it.set === asked.set) ?? null;
    const property = asked.property ? String(asked.property) : null;
    openForm({
      words: (asked.words as Span[]) ?? beside?.words ?? wordsOf(thing),
      subject: thing,
      property,
      because: text,
      beside,
      language: asked.language ? String(asked.language) : "",
    });
  } else void attempt(asked as DeskAct);
}

/** Returns the words that name a thing: what happens to be selected is no evidence of what rules ask for. */
function wordsOf(thing: Ref | null) {
  const place = state.things.find((it) => it.address === thing?.address)?.places[0];
  return place ? [place as Span] : [];
}

let form: FactForm;
let question: QuestionForm;
let part: PartForm;
let same: SameForm;
const names = new NamesForm(parts.names as unknown as HTMLDialogElement, {
  name: act,
  called: (address) => [...state.things, ...state.parts].find((it) => it.address === address)?.label ?? "",
  languages: () => state.document.languages ?? ["fr"],
});

/** Makes room for a form beside the text: no other one stays open. */
function beside() {
  for (const it of [form, question, part, same]) if (it.isOpen) it.close();
  showPane("fact");
  parts.factsList.hidden = true;
  parts.settling.hidden = true;
}

function openForm(of: Parameters<FactForm["open"]>[0]) {
  beside();
  form.open(of);
}

/** Goes back to the text, and on to the next proposal where one was decided in the form. */
function formClosed(asked: DeskProposal | null = null) {
  parts.factsList.hidden = false;
  const isDecided = proposals.every.some((it) => it.id === asked?.id && it.status !== "waiting");
  if (asked && isDecided) {
    pane.selection.clear();
    proposals.current = asked.id;
    proposals.step(1);
  } else pane.light(asked ? [[asked.start, asked.end]] : []);
  facts.show(state.facts, pane.selection.spans);
  if (proposals.now) showPane("proposals");
  else showPane("text");
  pane.focus();
}

function showPane(name: string) {
  if (body.dataset.pane === name) return;
  body.dataset.pane = name;
  for (const tab of body.querySelectorAll("[data-tab]")) {
    if (tab.getAttribute("data-tab") === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

function newFact() {
  openForm({ words: pane.selection.spans });
}

/** Opens the forms that are declared: several facts in one act. */
function newForm() {
  openForm({ words: pane.selection.spans, isDeclared: true });
}

/** Has the selected words name a thing: what it is, is all that is asked. */
function nameThing() {
  if (pane.selection.size) openForm({ words: pane.selection.spans, isNaming: true });
}

function newQuestion(words: Span[] = pane.selection.spans, because = "") {
  beside();
  question.open(words, because);
}

function newPart(words: Span[] = pane.selection.spans, because = "") {
  beside();
  part.open(words, because);
}

/** Asks whether what the words name, or what was spoken of last, is another thing. */
function sameAs() {
  const named = state.things.find((it) =>
    it.places.some(([from, to]) => pane.selection.spans.some(([start, end]) => start < to && from < end)),
  );
  beside();
  same.open(named ?? form.last);
}

const withCurrent = (does: (it: DeskProposal) => void) => () => {
  const { now } = proposals;
  if (now?.status === "waiting") does(now);
};

/** Has the coverage shown instead of the rules, or the rules again. */
function toggleCoverage() {
  const isShown = parts.coverageBox.hidden;
  parts.coverageBox.hidden = !isShown;
  parts.findings.hidden = isShown;
  parts.coverageButton.setAttribute("aria-expanded", String(isShown));
}

/** Mends the next finding; says so where there is none. */
function mend() {
  if (!rules.mend()) message.tell(say(state.checking ? "checking" : "nothing_to_mend"));
}

/** Goes to the findings. */
function toRules() {
  if (!parts.coverageBox.hidden) toggleCoverage();
  showPane("rules");
  rules.focus();
}

function write() {
  const told = () => {
    const left = rules.left;
    if (state.checking || state.unchecked) return say("written_unchecked");
    return left ? `${say("written")} ${count("left_to_mend", left)}` : say("written");
  };
  void act({ act: "write" }).then(() => message.tell(told()), failed);
}

function wire() {
  const lettersAreOn = letterSwitch(parts.letters as unknown as HTMLInputElement);
  const undo = () => void (state.undo && attempt({ act: "undo" }));
  const redo = () => void (state.redo && attempt({ act: "redo" }));
  const does = {
    j: () => step(1),
    k: () => step(-1),
    a: withCurrent(accept),
    r: withCurrent((it) => decide(it, { act: "refuse", proposal: it.id }, "refused")),
    e: withCurrent(edit),
    f: newFact,
    t: newForm,
    n: nameThing,
    q: () => newQuestion(),
    p: () => newPart(),
    i: sameAs,
    s: () => pane.selection.widen(),
    u: undo,
    m: mend,
    g: toRules,
    c: toggleCoverage,
    d: () => void (!parts.settle.hidden && settle()),
    "/": () => {
      showPane("text");
      pane.openFind();
    },
    "?": () => parts.help.showModal(),
    "Ctrl+z": undo,
    "Ctrl+Shift+z": redo,
    "Ctrl+y": redo,
    "Ctrl+s": write,
  };
  listen(does, lettersAreOn, () => Boolean(document.activeElement?.closest("form, .settling")));
  const clicks = {
    undo,
    redo,
    write,
    newFact,
    newForm,
    nameThing,
    newQuestion: () => newQuestion(),
    newPart: () => newPart(),
    sameAs,
    settle,
    coverageButton: toggleCoverage,
    toMend: toRules,
    widen: does.s,
    helpButton: does["?"],
  };
  for (const [name, act] of Object.entries(clicks)) parts[name].addEventListener("click", () => act());
  for (const tab of body.querySelectorAll("[data-tab]"))
    tab.addEventListener("click", () => showPane(tab.getAttribute("data-tab") ?? "text"));
  addEventListener("focus", () =>
    server.refresh().then(
      () => message.lost(false),
      () => undefined,
    ),
  );
}

function step(way: 1 | -1) {
  proposals.step(way);
  showPane("proposals");
}

let settling: Settling;

function settle() {
  beside();
  return settling.open();
}

async function start() {
  const text = await server.open();
  await server.refresh();
  pane = new TextPane(parts.textPane, text, {
    changed: () => {
      const { now } = pane.selection;
      if (now) showPart(now.start);
      if (!form.isOpen) facts.show(state.facts, pane.selection.spans);
    },
  });
  const choices = new FactChoices(server, pane.finder, () => state);
  form = new FactForm(parts.factForm as unknown as HTMLFormElement, choices, {
    state: act,
    closed: () => formClosed(form.proposal),
    ask: (words) => newQuestion(words),
    words: () => pane.selection.spans,
    reasons: () => server.get("/reasons"),
    desk: () => state,
  });
  const sideDoes = { act, closed: () => formClosed(), desk: () => state };
  const formOf = (name: string) => parts[name] as unknown as HTMLFormElement;
  question = new QuestionForm(formOf("questionForm"), sideDoes);
  part = new PartForm(formOf("partForm"), sideDoes, {
    text: ([start, end]) => pane.words.text.slice(start, end),
    rename: (address) => names.open(address),
    light: (words) => pane.light(words),
  });
  const decided = (asked: DeskAct) =>
    act(asked).then((answered) => {
      message.tell(say("identity_written", { name: answered.decision ?? "" }));
      return answered;
    });
  same = new SameForm(formOf("sameForm"), { ...sideDoes, act: decided }, choices, () => server.get("/reasons"));
  settling = new Settling(parts.settling, {
    get: () => server.get("/differences"),
    settle: (difference, take) => act({ act: "settle", difference, take }),
    light: (words, others) => pane.light(words, others),
    closed: () => formClosed(),
    failed,
  });
  wire();
  show(new Set(Object.keys(state)));
  pane.show(state);
  showPart(0);
  pane.focus();
  message.tell("");
  body.dataset.ready = "true";
}

start().catch(() => message.tell(say("not_opened")));
