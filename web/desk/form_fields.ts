// The fields of a form that is declared, one below the other: each takes a thing or a value, some take several.
import { fill, made } from "../base/elements.ts";
import { ThingField } from "./fields.ts";
import { say } from "./said.ts";

/** A field, and what was chosen in it before where it takes several. */
type Slot = { of: DeskField; field: ThingField; before: { asked: AskedObject; label: string }[] };

/** The fields of a declared form. */
export class FormFields {
  form: DeskForm | null = null;
  #slots: Slot[] = [];

  place;
  does;

  constructor(
    place: HTMLElement,
    does: {
      things: () => { label: string }[];
      source: (written: string, field: DeskField) => Option[] | Promise<Option[]>;
      end: () => void;
    },
  ) {
    this.place = place;
    this.does = does;
  }

  /** Shows the fields of a form, empty. */
  show(form: DeskForm | null) {
    this.form = form;
    fill(this.place);
    this.#slots = (form?.fields ?? []).map((of, at) => {
      const field = made("div.form-field");
      const kind = made("div.form-field.is-inner", { hidden: true });
      const labels = made("div.form-labels");
      this.place.append(field, kind, labels);
      const slot: Slot = {
        of,
        before: [],
        field: new ThingField(
          { field, kind, labels },
          {
            id: `form-field-${at}`,
            label: of.label,
            optional: of.demanded ? "" : say("optional"),
            there: this.does.things,
            source: (written) => this.does.source(written, of),
            next: () => this.#next(slot),
          },
        ),
      };
      slot.field.choice.input.addEventListener("keydown", (event) => {
        const isEmpty = !slot.field.choice.input.value;
        if (event.key === "Backspace" && isEmpty && slot.before.pop()) this.#showBefore(slot);
      });
      return slot;
    });
  }

  focus() {
    this.#slots[0]?.field.focus();
  }

  /** Keeps what was chosen where a field takes several; else goes on. */
  #next(slot: Slot) {
    const { choice } = slot.field;
    if (slot.of.several && choice.value) {
      const label = choice.input.value;
      const asked = slot.field.asked();
      if (asked) slot.before.push({ asked, label });
      slot.field.clear();
      this.#showBefore(slot);
      slot.field.focus();
      void choice.open();
      return;
    }
    const after = this.#slots[this.#slots.indexOf(slot) + 1];
    if (after) after.field.focus();
    else this.does.end();
  }

  #showBefore({ field, before }: Slot) {
    fill(field.choice.note, before.map((it) => it.label).join(" · "));
  }

  /** What is chosen in a field. */
  chosen(name: string) {
    return this.#slots.find((it) => it.of.field === name)?.field.choice.value;
  }

  /** Returns what is chosen, by field; null where something is missing, which its field then says. */
  values(): Record<string, AskedObject[]> | null {
    const found: Record<string, AskedObject[]> = {};
    let isWhole = true;
    for (const { of, field, before } of this.#slots) {
      const isEmpty = !field.choice.input.value;
      const asked = isEmpty && (before.length || !of.demanded) ? null : field.asked();
      if (!asked && !(isEmpty && (before.length || !of.demanded))) isWhole = false;
      const every = [...before.map((it) => it.asked), ...(asked ? [asked] : [])];
      if (every.length) found[of.field] = every;
    }
    return isWhole ? found : null;
  }

  /** Says what the server refuses, at its field; returns whether there is one. */
  says(name: string, sentence: string) {
    const slot = this.#slots.find((it) => it.of.field === name);
    slot?.field.says(sentence);
    slot?.field.focus();
    slot?.field.choice.close();
    return Boolean(slot);
  }
}
