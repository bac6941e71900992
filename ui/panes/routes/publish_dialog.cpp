// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/publish_dialog.h"

#include "gateway/config/diff.h"
#include "ui/bridge/text.h"
#include "ui/panes/changes_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QLineEdit>
#include <QPointer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

/// The route of the same id, else of the same name; nullptr: there is none.
const Route *sameRoute(const std::vector<Route> &routes, const Route &wanted)
{
    const auto found = std::ranges::find_if(routes, [&](const Route &one) { return wanted.id.empty() ? one.name == wanted.name : one.id == wanted.id; });
    return found == routes.end() ? nullptr : &*found;
}

} // namespace

QStringList keysUsing(const Config &config, const QStringList &routes)
{
    QStringList names;
    for (const VirtualKey &key : config.keys) {
        if (key.revoked)
            continue;
        const bool may = !key.models || std::ranges::any_of(*key.models, [&](const std::string &model) { return routes.contains(bridge::qt(model)); });
        if (may)
            names << bridge::qt(key.name);
    }
    return names;
}

PublishDialog::PublishDialog(bridge::ConfigDraft &draft, bool readOnly, QWidget *parent)
    : Dialog(readOnly ? Icon::Diff : Icon::Upload, Role::Accent, readOnly ? tr("Draft against live") : tr("Publish routes"), parent), m_draft(draft)
{
    setObjectName(u"routes.publish"_s);
    setMinimumWidth(600);
    setSubtitle(readOnly ? tr("What publishing would change, from version %1.").arg(draft.liveRevision())
                         : tr("Calls that come after this go by the new plan; calls under way end by the old one."));
    addChanges();
    addAffected();
    if (readOnly) {
        auto *close = addButton(Button::Kind::Primary, tr("Close"));
        connect(close, &QPushButton::clicked, this, &QDialog::accept);
        return;
    }
    m_refused = new SectionBanner(SectionBanner::Kind::Error);
    m_refused->hide();
    body()->addWidget(m_refused);
    m_note = new QLineEdit;
    m_note->setObjectName(u"routes.publish.note"_s);
    m_note->setPlaceholderText(tr("Note for the list of versions (may stay empty)"));
    m_note->setAccessibleName(tr("Note"));
    m_note->setMinimumHeight(28);
    body()->addWidget(m_note);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_publish = addButton(Button::Kind::Primary, tr("Publish"));
    m_publish->setObjectName(u"routes.publish.confirm"_s);
    m_publish->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_publish, &QPushButton::clicked, this, &PublishDialog::publish);
    m_note->setFocus();
}

void PublishDialog::addChanges()
{
    auto *changes = new panes::ChangesView;
    changes->setChanges(m_draft.live(), m_draft.config());
    body()->addWidget(changes, 1);
}

void PublishDialog::addAffected()
{
    QStringList changed;
    for (const Route &route : m_draft.config().routes) {
        const Route *old = sameRoute(m_draft.live().routes, route);
        if (!old || !(*old == route))
            changed << bridge::qt(route.name);
    }
    for (const Route &route : m_draft.live().routes)
        if (!sameRoute(m_draft.config().routes, route))
            changed << bridge::qt(route.name);
    const QStringList keys = keysUsing(m_draft.config(), changed);
    QString text = tr("No key may use what changes.");
    if (!keys.isEmpty())
        text = keys.size() > 4 ? tr("Keys that may use it: %1 and %2 more").arg(keys.first(4).join(u", "_s)).arg(keys.size() - 4) : tr("Keys that may use it: %1").arg(keys.join(u", "_s));
    auto *label = new Label(Label::Kind::Secondary, text);
    label->setWordWrap(true);
    body()->addWidget(label);
}

void PublishDialog::publish()
{
    m_publish->setEnabled(false);
    QString note = m_note->text().trimmed();
    if (note.isEmpty())
        note = bridge::qt(diffText(m_draft.live(), m_draft.config())).left(500);
    QPointer<PublishDialog> alive(this);
    m_draft.apply(note, [alive](const gateway::api::ApplyOutcome &outcome) {
        if (!alive)
            return;
        if (outcome.applied) {
            Q_EMIT alive->published();
            alive->accept();
            return;
        }
        QStringList words;
        for (const gateway::api::FieldError &problem : outcome.problems)
            if (!problem.warning)
                words << (problem.field.empty() ? bridge::qt(problem.message) : tr("%1: %2").arg(bridge::qt(problem.field), bridge::qt(problem.message)));
        alive->m_refused->setContent(tr("Nothing was published"), words.join(u'\n'));
        alive->m_refused->show();
        alive->m_publish->setEnabled(true);
    });
}

} // namespace ui::routes
