// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/config_draft.h"

#include "ui/bridge/config_merge.h"
#include "ui/bridge/view_context.h"

#include <QUndoCommand>

#include <algorithm>
#include <cstdlib>

namespace ui::bridge {

namespace {

constexpr int checkAfterMs = 200; ///< typing is not checked letter by letter

QString firstProblem(const gateway::api::ApplyOutcome &outcome)
{
    const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
    return problem == outcome.problems.end() ? ConfigDraft::tr("The gateway did not take the change.") : QString::fromStdString(problem->message);
}

} // namespace

/// Whole configurations before and after: they are small, and an undo that is exact by nature needs no inverse.
class ConfigDraft::Step final : public QUndoCommand
{
public:
    Step(ConfigDraft &draft, const QString &text, std::shared_ptr<const Config> after, const QString &merge)
        : QUndoCommand(text), m_draft(draft), m_before(draft.m_draft), m_after(std::move(after)), m_merge(merge)
    {
    }
    void undo() override { m_draft.setDraft(m_before); }
    void redo() override { m_draft.setDraft(m_after); }
    int id() const override { return m_merge.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand *later) override
    {
        const auto *step = static_cast<const Step *>(later);
        if (step->m_merge != m_merge)
            return false;
        m_after = step->m_after;
        setObsolete(*m_after == *m_before); // moved there and back: no step at all
        return true;
    }

private:
    ConfigDraft &m_draft;
    std::shared_ptr<const Config> m_before, m_after;
    QString m_merge;
};

ConfigDraft::ConfigDraft(gateway::api::Gateway &gateway, QObject *parent)
    : QObject(parent), m_gateway(gateway), m_base(gateway.config()), m_draft(m_base), m_revision(gateway.revision().number), m_stack(this), m_checkTimer(this)
{
    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(checkAfterMs);
    connect(&m_checkTimer, &QTimer::timeout, this, &ConfigDraft::check);
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &ConfigDraft::onConfigApplied);
    connect(&m_stack, &QUndoStack::indexChanged, this, &ConfigDraft::stateChanged); // only now it knows the step that changed the draft
}

ConfigDraft::~ConfigDraft()
{
    m_stack.disconnect(); // its end is a change of its index, and who hears of it would ask a draft that is half gone
}

bool ConfigDraft::dirty() const
{
    return !(*m_draft == *m_base);
}

int ConfigDraft::changeCount() const
{
    return std::abs(m_stack.index() - std::max(0, m_stack.cleanIndex())); // -1: what was live can be reached no more
}

void ConfigDraft::edit(const QString &text, const Change &change, const QString &merge)
{
    auto after = std::make_shared<Config>(*m_draft);
    change(*after);
    if (*after == *m_draft)
        return;
    m_stack.push(new Step(*this, text, std::move(after), merge));
}

void ConfigDraft::setDraft(std::shared_ptr<const Config> next)
{
    m_draft = std::move(next);
    ++m_generation;
    m_checking = true;
    m_checkTimer.start();
    Q_EMIT changed();
    Q_EMIT stateChanged();
}

void ConfigDraft::revert()
{
    m_stack.clear();
    setDraft(m_base);
}

void ConfigDraft::onConfigApplied()
{
    const auto theirs = m_gateway.config();
    m_revision = m_gateway.revision().number;
    if (!(*theirs == *m_base))
        rebaseOn(theirs, dirty() ? std::make_shared<const Config>(rebased(*m_draft, *m_base, *theirs)) : theirs);
}

void ConfigDraft::takeApplied(const Config &sent)
{
    const auto theirs = m_gateway.config();
    m_revision = m_gateway.revision().number;
    // The gateway gave ids to what is new and masks what is secret: what was sent and not edited since is as it has it now.
    rebaseOn(theirs, *m_draft == sent ? theirs : std::make_shared<const Config>(rebased(*m_draft, sent, *theirs)));
}

void ConfigDraft::rebaseOn(std::shared_ptr<const Config> theirs, std::shared_ptr<const Config> next)
{
    m_base = std::move(theirs);
    if (!(*next == *m_draft)) {
        // The steps hold whole configurations of before: undoing one would take back what somebody else did.
        m_stack.clear();
        setDraft(std::move(next));
    }
    Q_EMIT liveChanged();
    Q_EMIT stateChanged();
}

void ConfigDraft::check()
{
    m_gateway.check(*m_draft, this, [this, generation = m_generation](const std::vector<gateway::api::FieldError> &problems) {
        if (generation != m_generation)
            return;
        m_checking = false;
        m_problems = problems;
        Q_EMIT checked();
        Q_EMIT stateChanged();
    });
}

bool ConfigDraft::valid() const
{
    return !m_checking && std::ranges::all_of(m_problems, &gateway::api::FieldError::warning);
}

void ConfigDraft::apply(const QString &note, std::function<void(const gateway::api::ApplyOutcome &)> done)
{
    if (m_applying)
        return;
    m_applying = true;
    Q_EMIT stateChanged();
    m_gateway.apply(*m_draft, m_revision, note.toStdString(), this, [this, sent = m_draft, done = std::move(done)](const gateway::api::ApplyOutcome &outcome) {
        m_applying = false;
        m_problems = outcome.problems;
        if (outcome.applied) {
            m_stack.setClean(); // what was published can still be undone into a new draft; no later step merges into it
            takeApplied(*sent);
        }
        Q_EMIT checked();
        Q_EMIT stateChanged();
        if (done)
            done(outcome);
    });
}

void ConfigDraft::applyNow(gateway::api::Gateway &gateway, ViewContext &view, const QString &text, const Change &change)
{
    const auto before = gateway.config();
    Config next = *before;
    change(next);
    gateway.apply(next, gateway.revision().number, text.toStdString(), &view, [&gateway, &view, text, before, next](const gateway::api::ApplyOutcome &outcome) {
        if (!outcome.applied) {
            view.toast(firstProblem(outcome));
            return;
        }
        view.toast(text, [&gateway, &view, text, before, next] {
            const Config undone = rebased(*before, next, *gateway.config());
            gateway.apply(undone, gateway.revision().number, tr("undo: %1").arg(text).toStdString(), &view, [&view](const gateway::api::ApplyOutcome &came) {
                if (!came.applied)
                    view.toast(firstProblem(came));
            });
        });
    });
}

} // namespace ui::bridge
