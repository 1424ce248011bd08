// The form of an identity: whether two things are one, with the reason, on what this document says of the first.
import { ChoiceField } from "./fields.ts";
import { fill, made } from "../base/elements.ts";
import { ReasonFields } from "./reason_fields.ts";
import { count, say } from "./said.ts";
import { SideForm, type FormDoes } from "./side_forms.ts";
import type { FactChoices } from "./fact_choices.ts";
import type { RefusedAct } from "./server.ts";

/** So many facts are shown as the evidence. */
const MOST = 6;

/** The form in which two things are decided to be one, two, or not settled. */
export class SameForm extends SideForm {
  thing: ChoiceField<Ref>;
  other: ChoiceField<Ref>;
  reason;

  constructor(
    form: HTMLFormElement,
    does: FormDoes,
    choices: FactChoices,
    reasons: () => Promise<{ reason: Record<string, string> }[]>,
  ) {
    super(form, "same", does);
    const { parts } = this;
    this.thing = new ChoiceField(parts.thing, {
      id: "same-thing",
      label: say("same_thing"),
      source: (written) => this.#known(choices, written, ""),
      taken: () => this.#showEvidence(),
      next: () => this.other.input.focus(),
    });
    this.other = new ChoiceField(parts.other, {
      id: "same-other",
      label: say("same_other"),
      source: (written) =>
        this.#known(choices, written || (this.thing.value?.label ?? ""), this.thing.value?.address ?? ""),
      taken: () => undefined,
      next: () => this.#radios.find((it) => it.checked)?.focus(),
    });
    this.reason = new ReasonFields(
      { fields: parts.reasonFields, earlier: parts.reasons, error: parts.reasonError },
      { earlier: reasons, taken: () => parts.submit.focus() },
    );
  }

  get #radios() {
    return [...this.form.querySelectorAll("[name=decision]")] as HTMLInputElement[];
  }

  async #known(choices: FactChoices, written: string, except: string) {
    return (await choices.things(written, { words: [], except, isVoice: true })).filter((it) => !it.isNew);
  }

  open(thing: Ref | null) {
    this.show();
    this.thing.set(thing, thing?.label, thing?.kind);
    this.other.set(null);
    for (const radio of this.#radios) radio.checked = radio.value === "same";
    this.reason.show(this.languages);
    this.#showEvidence();
    (thing ? this.other : this.thing).input.focus();
  }

  #showEvidence() {
    const address = this.thing.value?.address;
    const facts = this.does.desk().facts.filter((it) => it.words.length && it.subject.address === address);
    const shown = facts
      .slice(0, MOST)
      .map((it) =>
        made("li", made("span.soft", it.property.label), " ", "address" in it.value ? it.value.label : it.value.text),
      );
    fill(
      this.parts.evidence,
      address && made("p", facts.length ? count("evidence", facts.length) : say("no_evidence")),
      shown.length > 0 && made("ul", shown),
    );
  }

  override pressed(event: KeyboardEvent) {
    const target = event.target as HTMLElement;
    const at = target.matches("[name=decision]") ? ["1", "2", "3", "Enter"].indexOf(event.key) : -1;
    if (at < 0 || event.ctrlKey || event.metaKey) return super.pressed(event);
    event.preventDefault();
    if (at < 3) {
      this.#radios[at].checked = true;
      this.#radios[at].focus();
    } else void this.reason.focus();
    return undefined;
  }

  override asked(): DeskAct | null {
    const { thing, other, reason } = this;
    for (const it of [thing, other]) if (!it.value) it.says(say(it.input.value ? "not_chosen" : "missing"));
    if (!reason.value) reason.says(say("same_reason_missing"));
    if (thing.value && other.value && reason.value) {
      const chosen = this.#radios.find((it) => it.checked)?.value ?? "open";
      return {
        act: "identity",
        thing: thing.value.address,
        other: other.value.address,
        decision: chosen as "same" | "different" | "open",
        reason: reason.value,
      };
    }
    (this.form.querySelector("[aria-invalid], textarea") as HTMLElement | null)?.focus();
    return null;
  }

  override refused(error: RefusedAct) {
    const choice = { thing: this.thing, other: this.other }[error.field as "thing" | "other"];
    if (choice) choice.says(error.message);
    else if (error.field === "reason") this.reason.says(error.message);
    else super.refused(error);
  }
}
