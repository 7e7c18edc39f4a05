import { formatIds, formats, type Profile } from '@lathe/contracts';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { deleteProfile, saveProfile, type Trouble } from '../effects/profiles.ts';
import type { Lathe } from '../effects/use-lathe.ts';
import { toggledFormat } from '../model/order.ts';
import { formOf, type ProfileForm, pointerOf } from '../model/profile-form.ts';
import type { Faults } from '../model/state.ts';
import { faultAt } from '../model/words-of-files.ts';
import { Wrong } from './pieces.tsx';
import { ProfileRules } from './profile-rules.tsx';

type ProfileDialogProps = {
  lathe: Lathe;
  /** Null: a new one. */
  profile: Profile | null;
  onClose(): void;
};

/** A delivery profile of one's own, to make, change or delete. */
export function ProfileDialog({ lathe, profile, onClose }: ProfileDialogProps) {
  const [form, setForm] = useState<ProfileForm>(() => formOf(profile));
  const [trouble, setTrouble] = useState<Trouble>(null);
  const [busy, setBusy] = useState(false);
  const dialog = useModal(trouble?.sentence ?? null);
  const faults = trouble?.faults ?? {};
  const change = (part: Partial<ProfileForm>) => {
    setForm({ ...form, ...part });
    const left = without(faults, part);
    setTrouble(trouble && Object.keys(left).length > 0 ? { ...trouble, faults: left } : null);
  };
  const attempt = async (work: Promise<Trouble>) => {
    setBusy(true);
    setTrouble(null);
    const met = await work;
    setBusy(false);
    setTrouble(met);
    if (!met) onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt(saveProfile(lathe, form, profile?.id ?? null));
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="profile-title" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <h2 id="profile-title">{profile ? 'Change the profile' : 'A profile of your own'}</h2>
        <p className="lead">What a distributor takes. Files are made so, and every rule is checked on them.</p>
        <ProfileRules form={form} faults={faults} onChange={change} />
        <FormatsOf form={form} fault={faultAt(faults, '/formats')} onChange={(ids) => change({ formats: ids })} />
        <Wrong
          sentence={
            trouble && (Object.keys(faults).length > 0 ? 'The service does not take what is marked.' : trouble.sentence)
          }
        />
        <p className="submit">
          <button type="submit" className="primary" disabled={busy}>
            {profile ? 'Save the profile' : 'Make the profile'}
          </button>
          <button type="button" className="plain" onClick={onClose}>
            Cancel
          </button>
          {profile && <DeleteButton disabled={busy} onDelete={() => attempt(deleteProfile(lathe, profile.id))} />}
        </p>
      </form>
    </dialog>
  );
}

/** What was said against fields that have been written anew counts no more. */
function without(faults: Faults, part: Partial<ProfileForm>): Faults {
  const written = Object.keys(part).map((rule) => pointerOf(rule as keyof ProfileForm));
  return Object.fromEntries(Object.entries(faults).filter(([at]) => !written.includes(at)));
}

/** Opens at once, above all else; what is wrong has the focus. */
function useModal(sentence: string | null) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  useEffect(() => {
    if (sentence) dialog.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [sentence]);
  return dialog;
}

type FormatsOfProps = { form: ProfileForm; fault: string | undefined; onChange(ids: ProfileForm['formats']): void };

function FormatsOf({ form, fault, onChange }: FormatsOfProps) {
  return (
    <fieldset className="targets" aria-describedby={fault ? 'profile-formats-fault' : undefined}>
      <legend>Files</legend>
      <div className="chips small">
        {formatIds.map((id) => (
          <label key={id} className="chip">
            <input
              type="checkbox"
              checked={form.formats.includes(id)}
              onChange={() => onChange(toggledFormat(form.formats, id))}
            />
            <span className="chip-name">{formats[id].name}</span>
          </label>
        ))}
      </div>
      {fault && (
        <p id="profile-formats-fault" className="fault" role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

/** Asks once more, on the same spot. */
function DeleteButton({ disabled, onDelete }: { disabled: boolean; onDelete(): void }) {
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      className="quiet delete"
      disabled={disabled}
      onClick={() => (sure ? onDelete() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {sure ? 'Delete it for good' : 'Delete'}
    </button>
  );
}
