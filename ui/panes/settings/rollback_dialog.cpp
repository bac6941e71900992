// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/rollback_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/changes_view.h"
#include "ui/widgets/labels.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::settings {

using bridge::qt;
using gateway::api::ApplyOutcome;
using gateway::config::Config;
using widgets::Button;
using widgets::Icon;
using widgets::Role;

RollbackDialog::RollbackDialog(std::uint64_t revision, gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : Dialog(Icon::Undo, Role::Accent, tr("Go back to version %1?").arg(revision), parent), m_gateway(gateway), m_view(view), m_revision(revision), m_state(new widgets::StateLabel),
      m_changes(new panes::ChangesView)
{
    setObjectName(u"settings.rollback"_s);
    setMinimumWidth(720);
    setSubtitle(tr("All that is configured becomes as it was then, as a new version. What the --config file sets stays; providers, keys and tokens keep the secrets that they have now, and revoked keys stay revoked."));
    m_state->setObjectName(u"settings.rollback.state"_s);
    m_state->setWordWrap(true);
    m_changes->setMinimumHeight(200);
    body()->addWidget(m_state);
    body()->addWidget(m_changes, 1);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_go = addButton(Button::Kind::Primary, tr("Go back"));
    m_go->setObjectName(u"settings.rollback.go"_s);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_go, &QPushButton::clicked, this, &RollbackDialog::goBack);
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &RollbackDialog::askChanges); // somebody else's edit: what would change is another thing now
    askChanges();
}

void RollbackDialog::allow(bool possible, const QString &why)
{
    m_go->setEnabled(possible);
    m_go->setToolTip(why);
    m_go->setAccessibleDescription(why);
}

void RollbackDialog::askChanges()
{
    m_state->setState(Icon::Clock, Role::Muted, tr("Being read…"));
    allow(false, tr("Being read…"));
    m_gateway.rolledBack(m_revision, this, [this](const gateway::Result<Config> &then) {
        if (!then) {
            m_state->setState(Icon::Error, Role::Err, qt(then.error().message));
            allow(false, qt(then.error().message));
            return;
        }
        const auto now = m_gateway.config();
        m_changes->setChanges(*now, *then);
        if (m_changes->count() == 0) {
            m_state->setState(Icon::Ok, Role::Ok, tr("All is as it was in version %1.").arg(m_revision));
            allow(false, tr("Nothing would change"));
            return;
        }
        m_state->setState(Icon::Diff, Role::Accent, tr("What going back would change in version %1, which holds now:").arg(m_gateway.revision().number));
        allow(true, {});
    });
}

QString RollbackDialog::problemOf(const ApplyOutcome &outcome)
{
    const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
    return problem == outcome.problems.end() ? tr("The gateway did not take it.") : qt(problem->message);
}

void RollbackDialog::goBack()
{
    const std::uint64_t before = m_gateway.revision().number;
    allow(false, {});
    disconnect(&m_gateway, &gateway::api::Gateway::configApplied, this, &RollbackDialog::askChanges);
    m_gateway.rollback(m_revision, before, {}, this, [this, before](const ApplyOutcome &outcome) {
        if (!outcome.applied) {
            m_state->setState(Icon::Error, Role::Err, problemOf(outcome));
            allow(true, {});
            return;
        }
        QStringList lost;
        for (const gateway::api::FieldError &problem : outcome.problems)
            if (problem.field.empty())
                lost << qt(problem.message);
        Q_EMIT wentBack(m_revision, lost);
        accept();
        auto &gateway = m_gateway;
        auto &view = m_view;
        view.toast(tr("Back to version %1").arg(m_revision), [&gateway, &view, before] {
            gateway.rollback(before, gateway.revision().number, {}, &view, [&view, before](const ApplyOutcome &undone) {
                view.toast(undone.applied ? tr("Version %1 holds again").arg(before) : problemOf(undone));
            });
        });
    });
}

} // namespace ui::settings
