// The form of an identity: whether two things are one, with the reason, on what this document says of the first.
import { ChoiceField } from "./choice_field.js";
import { fill, made } from "./made.js";
import { ReasonFields } from "./reason_fields.js";
import { count, say } from "./said.js";
import { SideForm } from "./side_form.js";

/** So many facts are shown as the evidence. */
const MOST = 6;

/** The form in which two things are decided to be one, two, or not settled. */
export class SameForm extends SideForm {
  /**
   * @param {HTMLFormElement} form
   * @param {import("./side_form.js").FormDoes} does
   * @param {import("./fact_choices.js").FactChoices} choices
   * @param {() => Promise<{reason: Record<string, string>}[]>} reasons
   */
  constructor(form, does, choices, reasons) {
    super(form, "same", does);
    const { parts } = this;
    /** @type {ChoiceField<Ref>} */
    this.thing = new ChoiceField(parts.thing, {
      id: "same-thing",
      label: say("same_thing"),
      source: (written) => this.#known(choices, written, ""),
      taken: () => this.#showEvidence(),
      next: () => this.other.input.focus(),
    });
    /** @type {ChoiceField<Ref>} */
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
    return /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("[name=decision]")]);
  }

  /**
   * @param {import("./fact_choices.js").FactChoices} choices
   * @param {string} written
   * @param {string} except
   */
  async #known(choices, written, except) {
    return (await choices.things(written, { words: [], except, isVoice: true })).filter((it) => !it.isNew);
  }

  /** @param {Ref | null} thing */
  open(thing) {
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
        made(
          "li",
          {},
          made("span", { class: "soft" }, it.property.label),
          " ",
          "address" in it.value ? it.value.label : it.value.text,
        ),
      );
    fill(
      this.parts.evidence,
      address && made("p", {}, facts.length ? count("evidence", facts.length) : say("no_evidence")),
      shown.length > 0 && made("ul", {}, shown),
    );
  }

  /** @override @param {KeyboardEvent} event */
  pressed(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const at = target.matches("[name=decision]") ? ["1", "2", "3", "Enter"].indexOf(event.key) : -1;
    if (at < 0 || event.ctrlKey || event.metaKey) return super.pressed(event);
    event.preventDefault();
    if (at < 3) {
      this.#radios[at].checked = true;
      this.#radios[at].focus();
    } else void this.reason.focus();
    return undefined;
  }

  /** @override @returns {DeskAct | null} */
  asked() {
    const { thing, other, reason } = this;
    for (const it of [thing, other]) if (!it.value) it.says(say(it.input.value ? "not_chosen" : "missing"));
    if (!reason.value) reason.says(say("same_reason_missing"));
    if (thing.value && other.value && reason.value) {
      const chosen = this.#radios.find((it) => it.checked)?.value ?? "open";
      return {
        act: "identity",
        thing: thing.value.address,
        other: other.value.address,
        decision: /** @type {"same" | "different" | "open"} */ (chosen),
        reason: reason.value,
      };
    }
    /** @type {HTMLElement | null} */ (this.form.querySelector("[aria-invalid], textarea"))?.focus();
    return null;
  }

  /** @override @param {import("./server.js").RefusedAct} error */
  refused(error) {
    const choice = { thing: this.thing, other: this.other }[/** @type {"thing" | "other"} */ (error.field)];
    if (choice) choice.says(error.message);
    else if (error.field === "reason") this.reason.says(error.message);
    else super.refused(error);
  }
}
