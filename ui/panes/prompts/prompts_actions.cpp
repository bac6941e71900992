// SPDX-License-Identifier: GPL-3.0-or-later
// What the pane does with prompts.
#include "gateway/config/config_json.h"
#include "gateway/config/prompt_edit.h"
#include "ui/bridge/snippets.h"
#include "ui/bridge/text.h"
#include "ui/panes/prompts/code_dialog.h"
#include "ui/panes/prompts/import_dialog.h"
#include "ui/panes/prompts/label_dialog.h"
#include "ui/panes/prompts/name_dialog.h"
#include "ui/panes/prompts/prompt_bar.h"
#include "ui/panes/prompts/prompt_tree.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/panes/prompts/prompts_pane.h"
#include "ui/panes/prompts/version_editor.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::Config;

namespace {

Prompt *byId(Config &config, const std::string &id)
{
    const auto found = std::ranges::find(config.prompts, id, &Prompt::id);
    return found == config.prompts.end() ? nullptr : &*found;
}

/// Whose version it is: the name under which this desktop's user is known.
std::string authorName() { return utf8(qEnvironmentVariable("USER", u"window"_s)); }

} // namespace

void PromptsPane::edit(const QString &what, const PromptBook::Change &change, const QString &merge)
{
    if (locked() || (m_book.writing(m_identity) && !showsWriting()))
        return;
    const std::int64_t from = m_shown;
    if (!m_book.writing(m_identity))
        m_begunAt = from;
    m_shown = 0; // what is being written is shown from now on
    m_book.edit(m_identity, from, what, change, merge);
    if (!m_book.writing(m_identity))
        m_shown = from; // nothing changed
    refreshBar();       // the step is known only now
}

void PromptsPane::save()
{
    if (mode() != Write) {
        saveSetup();
        return;
    }
    if (!prompt() || locked())
        return;
    if (const QString block = saveBlock(); !block.isEmpty()) {
        view().toast(tr("Not saved. %1").arg(block));
        return;
    }
    const std::string identity = m_identity, name = prompt()->name;
    m_book.save(identity, authorName(), {}, view().now(), [this, identity, name](const gateway::api::ApplyOutcome &outcome) {
        if (!outcome.applied) {
            view().toast(tr("Not saved. %1").arg(firstProblem(outcome.problems)));
            return;
        }
        const std::string stored = m_book.byName(name);
        const std::int64_t number = m_book.nextNumber(stored) - 1;
        if (m_identity == identity || m_identity == stored || !prompt()) {
            m_identity = stored;
            m_shown = number;
            refreshAll();
        }
        const Prompt *its = m_book.find(stored);
        const QString labels = its ? labelsText(*its) : QString();
        view().toast(labels.isEmpty() ? tr("%1 v%2 saved").arg(qt(name)).arg(number) : tr("%1 v%2 saved. Labels have not moved: %3").arg(qt(name)).arg(number).arg(labels));
    });
}

void PromptsPane::discard()
{
    const PromptVersion *writing = m_book.writing(m_identity);
    const Prompt *its = prompt();
    if (!writing || !its)
        return;
    const PromptVersion kept = *writing;
    const Prompt before = *its;
    const std::string identity = m_identity;
    const std::int64_t from = m_book.writtenFrom(identity);
    if (m_shown == 0 && from)
        m_shown = from;
    m_book.discard(identity);
    refreshAll();
    view().toast(tr("What was not saved of %1 is discarded").arg(qt(before.name)), [this, identity, before, kept, from] {
        if (m_book.find(identity))
            m_book.resume(identity, kept, from);
        else if (before.versions.empty())
            addFresh(before.name, before.folder, kept);
    });
}

void PromptsPane::undo()
{
    if (mode() != Write) {
        m_setup.undoStack().undo();
        return;
    }
    if (QUndoStack *steps = m_book.steps(m_identity); steps && steps->canUndo())
        steps->undo();
    refreshBar();
}

void PromptsPane::redo()
{
    if (mode() != Write) {
        m_setup.undoStack().redo();
        return;
    }
    if (QUndoStack *steps = m_book.steps(m_identity); steps && steps->canRedo()) {
        m_shown = 0;
        steps->redo();
    }
    refreshBar();
}

void PromptsPane::addFresh(const std::string &name, const std::string &folder, const PromptVersion &first)
{
    m_identity = m_book.addNew(name, folder, first);
    m_shown = 0;
    setMode(Write);
    refreshAll();
    m_editor->focusText();
}

void PromptsPane::newPrompt()
{
    const Prompt *near = prompt();
    auto *dialog = new NameDialog(m_book, {}, {tr("New prompt"), tr("Begin"), tr("It is there for callers once its first version is saved.")}, {}, near ? qt(near->folder) : QString(), window());
    connect(dialog, &NameDialog::named, this, [this](const std::string &name, const std::string &folder) {
        PromptVersion first;
        first.messages = {{.role = "system", .content = {}}, {.role = "user", .content = "{{text}}"}};
        addFresh(name, folder, first);
    });
    dialog->open();
}

void PromptsPane::importCall(const QString &callId)
{
    auto *dialog = new ImportDialog(context(), m_book, callId, window());
    connect(dialog, &ImportDialog::imported, this, [this](const std::string &name, const PromptVersion &version) { addFresh(name, {}, version); });
    dialog->open();
}

void PromptsPane::duplicate()
{
    const Prompt *its = prompt();
    const PromptVersion *shown = version();
    if (!its || !shown)
        return;
    QString name = qt(its->name) + u"-copy"_s;
    for (int i = 2; !m_book.byName(utf8(name)).empty(); ++i)
        name = qt(its->name) + u"-copy-%1"_s.arg(i);
    auto *dialog = new NameDialog(m_book, {}, {tr("Duplicate %1").arg(qt(its->name)), tr("Duplicate"), tr("It begins with what is shown; versions and labels stay behind.")}, name, qt(its->folder), window());
    connect(dialog, &NameDialog::named, this, [this, copy = *shown](const std::string &given, const std::string &folder) { addFresh(given, folder, copy); });
    dialog->open();
}

void PromptsPane::rename()
{
    const Prompt *its = prompt();
    if (!its || its->versions.empty() || locked())
        return;
    auto *dialog = new NameDialog(m_book, m_identity, {tr("Rename or move %1").arg(qt(its->name)), tr("Apply"), tr("Callers name it: those who ask for the present name get an error then. The folder is no part of the name.")}, qt(its->name), qt(its->folder), window());
    connect(dialog, &NameDialog::named, this, [this, before = *its](const std::string &name, const std::string &folder) {
        const auto put = [id = before.id](const std::string &called, const std::string &into) {
            return [id, called, into](Config &config) {
                if (Prompt *prompt = byId(config, id)) {
                    prompt->name = called;
                    prompt->folder = into;
                }
            };
        };
        if (name == before.name && folder == before.folder)
            return;
        applyNow(name == before.name ? tr("%1 moved to %2").arg(qt(name), folder.empty() ? tr("no folder") : qt(folder)) : tr("%1 is now %2").arg(qt(before.name), qt(name)), put(name, folder), put(before.name, before.folder));
    });
    dialog->open();
}

void PromptsPane::copyJson()
{
    const Prompt *its = prompt();
    if (!its)
        return;
    QGuiApplication::clipboard()->setText(qt(gateway::config::toJson(*its)));
    view().toast(tr("%1 copied as JSON, all versions").arg(qt(its->name)));
}

void PromptsPane::removePrompt()
{
    const Prompt *its = prompt();
    if (!its || locked())
        return;
    if (its->versions.empty()) {
        discard();
        return;
    }
    applyNow(tr("%1 deleted; callers who ask for it get an error now").arg(qt(its->name)), [id = its->id](Config &config) { std::erase_if(config.prompts, [&](const Prompt &one) { return one.id == id; }); },
        [kept = *its](Config &config) {
            if (!byId(config, kept.id))
                config.prompts.push_back(kept);
        });
}

void PromptsPane::moveLabel()
{
    const Prompt *its = prompt();
    if (!its || its->versions.empty() || locked())
        return;
    const PromptVersion *shown = version();
    const std::int64_t to = shown && !showsWriting() ? shown->version : its->versions.back().version;
    auto *dialog = new LabelDialog(*its, to, m_figuresOf == m_identity ? m_figures : std::vector<gateway::PromptFigures> {}, window());
    connect(dialog, &LabelDialog::moved, this, &PromptsPane::putLabel);
    connect(dialog, &LabelDialog::removed, this, &PromptsPane::takeLabel);
    dialog->open();
}

void PromptsPane::putLabel(const QString &label, std::int64_t to)
{
    const Prompt *its = prompt();
    if (!its)
        return;
    const std::string name = utf8(label), id = its->id;
    const auto holder = std::ranges::find_if(its->versions, [&](const PromptVersion &version) { return std::ranges::find(version.labels, name) != version.labels.end(); });
    const std::int64_t from = holder == its->versions.end() ? 0 : holder->version;
    const auto put = [id, name](std::int64_t version) {
        return [id, name, version](Config &config) {
            Prompt *prompt = byId(config, id);
            if (!prompt)
                return;
            // A version that is gone meanwhile has no label to get.
            const auto done = version ? gateway::config::moveLabel(*prompt, name, version) : gateway::config::removeLabel(*prompt, name);
            Q_UNUSED(done)
        };
    };
    const QString words = from ? tr("%1 of %2 moved from v%3 to v%4").arg(label, qt(its->name)).arg(from).arg(to) : tr("%1 put on v%3 of %2").arg(label, qt(its->name)).arg(to);
    applyNow(words, put(to), put(from));
}

void PromptsPane::takeLabel(const QString &label)
{
    const Prompt *its = prompt();
    if (!its)
        return;
    const std::string name = utf8(label), id = its->id;
    const auto holder = std::ranges::find_if(its->versions, [&](const PromptVersion &version) { return std::ranges::find(version.labels, name) != version.labels.end(); });
    if (holder == its->versions.end())
        return;
    applyNow(tr("%1 taken off v%2 of %3").arg(label).arg(holder->version).arg(qt(its->name)),
        [id, name](Config &config) {
            if (Prompt *prompt = byId(config, id)) {
                const auto done = gateway::config::removeLabel(*prompt, name);
                Q_UNUSED(done)
            }
        },
        [id, name, from = holder->version](Config &config) {
            if (Prompt *prompt = byId(config, id)) {
                const auto done = gateway::config::moveLabel(*prompt, name, from);
                Q_UNUSED(done)
            }
        });
}

void PromptsPane::useInCode()
{
    const Prompt *its = prompt();
    if (!its || its->versions.empty())
        return;
    const PromptVersion *shown = version();
    const auto listener = gateway().listener();
    const QString origin = bridge::originOf(qt(listener.address.empty() ? gateway().config()->gateway.listen : listener.address), listener.tls);
    auto *dialog = new CodeDialog(*its, shown && !showsWriting() ? shown->version : its->versions.back().version, origin, window());
    dialog->open();
}

void PromptsPane::applyNow(const QString &text, const std::function<void(Config &)> &change, const std::function<void(Config &)> &back)
{
    Config next = *gateway().config();
    change(next);
    gateway().apply(std::move(next), gateway().revision().number, utf8(text), this, [this, text, back](const gateway::api::ApplyOutcome &outcome) {
        if (!outcome.applied) {
            view().toast(tr("Nothing changed. %1").arg(firstProblem(outcome.problems)));
            return;
        }
        view().toast(text, [this, text, back] {
            Config undone = *gateway().config();
            back(undone);
            gateway().apply(std::move(undone), gateway().revision().number, utf8(tr("undo: %1").arg(text)), this, [this](const gateway::api::ApplyOutcome &came) {
                if (!came.applied)
                    view().toast(tr("Nothing changed. %1").arg(firstProblem(came.problems)));
            });
        });
    });
}

} // namespace ui::prompts
