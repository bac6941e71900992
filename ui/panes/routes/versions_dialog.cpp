// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/versions_dialog.h"

#include "ui/bridge/text.h"
#include "ui/bridge/view_context.h"
#include "ui/panes/changes_view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;
using gateway::api::FieldError;
using gateway::api::Revision;

namespace {

constexpr int listWidth = 272, rowHeight = 44, listHeight = 360;
enum VersionRole { Number = Qt::UserRole, When, Words, RevisionNumber };

/// "r213  13:58 window" over what was changed.
class VersionDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {listWidth, rowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColors &c = colorsOf(option.palette);
        const QRect r = option.rect;
        painter->save();
        painter->fillRect(r, option.state & QStyle::State_Selected ? c.selection : c.surface);
        painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), c.line);
        const QRect line = r.adjusted(10, 5, -10, 0);
        const auto visual = [&](const QRect &rect) { return QStyle::visualRect(option.direction, r, rect); };
        const auto begin = QStyle::visualAlignment(option.direction, Qt::AlignLeft), end = QStyle::visualAlignment(option.direction, Qt::AlignRight);
        painter->setFont(textFont(12, QFont::DemiBold));
        painter->setPen(c.text);
        painter->drawText(visual(QRect(line.left(), line.top(), 90, 16)), int(begin | Qt::AlignVCenter), index.data(Number).toString());
        painter->setFont(textFont(11));
        painter->setPen(c.muted);
        const QRect when(line.left() + 90, line.top(), line.width() - 90, 16);
        painter->drawText(visual(when), int(end | Qt::AlignVCenter), painter->fontMetrics().elidedText(index.data(When).toString(), Qt::ElideRight, when.width()));
        const QRect words(line.left(), line.top() + 17, line.width(), 16);
        painter->drawText(visual(words), int(begin | Qt::AlignVCenter), painter->fontMetrics().elidedText(index.data(Words).toString(), Qt::ElideRight, words.width()));
        if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
            paintFocusRing(painter, QRectF(r).adjusted(1, 1, -1, -2), c.accent, 2);
        painter->restore();
    }
};

bool touchesRoutes(const Revision &revision)
{
    const std::string &changes = revision.changes;
    return changes.empty() || changes.starts_with("route ") || changes.find("\nroute ") != std::string::npos;
}

bool answersTo(const std::vector<Route> &routes, const Route &one)
{
    return std::ranges::any_of(routes, [&](const Route &other) {
        const auto has = [&](const std::string &name) { return other.name == name || std::ranges::find(other.aliases, name) != other.aliases.end(); };
        return has(one.name) || std::ranges::any_of(one.aliases, has);
    });
}

} // namespace

Config withRoutesOf(const Config &now, const Config &then)
{
    Config result = now;
    std::erase_if(result.routes, [](const Route &route) { return route.origin == Origin::Database; });
    const std::vector<Route> ofFile = result.routes;
    for (const Route &route : then.routes)
        if (route.origin == Origin::Database && !answersTo(ofFile, route))
            result.routes.push_back(route);
    return result;
}

VersionsDialog::VersionsDialog(gateway::api::Gateway &gateway, bridge::ViewContext &view, bridge::ConfigDraft &draft, QWidget *parent)
    : Dialog(Icon::Clock, Role::Accent, tr("Versions of the routes"), parent), m_gateway(gateway), m_view(view), m_draft(draft), m_list(new QListWidget),
      m_routesOnly(new QCheckBox(tr("Only those that changed routes"))), m_changes(new panes::ChangesView), m_state(new StateLabel)
{
    setObjectName(u"routes.versions"_s);
    setMinimumWidth(880);
    setSubtitle(tr("Going back to the routes of a version publishes them as a new one; providers, keys and settings stay as they are now."));
    setUpParts();
    askVersions();
}

void VersionsDialog::setUpParts()
{
    m_list->setObjectName(u"routes.versions.list"_s);
    m_list->setAccessibleName(tr("Versions, newest first"));
    m_list->setItemDelegate(new VersionDelegate(m_list));
    m_list->setFixedWidth(listWidth);
    m_list->setMinimumHeight(listHeight);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_routesOnly->setObjectName(u"routes.versions.routesOnly"_s);
    m_routesOnly->setChecked(true);
    m_state->setObjectName(u"routes.versions.state"_s);
    m_state->setWordWrap(true);
    auto *left = new QVBoxLayout;
    left->setSpacing(8);
    left->addWidget(m_list, 1);
    left->addWidget(m_routesOnly);
    auto *right = new QVBoxLayout;
    right->setSpacing(8);
    right->addWidget(m_state);
    right->addWidget(m_changes, 1);
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addLayout(left);
    row->addLayout(right, 1);
    body()->addLayout(row, 1);
    auto *close = addButton(Button::Kind::Plain, tr("Close"));
    m_toDraft = addButton(Button::Kind::Plain, tr("Take into the draft"));
    m_goBack = addButton(Button::Kind::Primary, tr("Go back to these routes"));
    m_toDraft->setObjectName(u"routes.versions.draft"_s);
    m_goBack->setObjectName(u"routes.versions.goBack"_s);
    allow(false, tr("Choose a version"));
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_toDraft, &QPushButton::clicked, this, &VersionsDialog::takeIntoDraft);
    connect(m_goBack, &QPushButton::clicked, this, &VersionsDialog::goBack);
    connect(m_routesOnly, &QCheckBox::toggled, this, &VersionsDialog::showVersions);
    connect(m_list, &QListWidget::currentItemChanged, this, &VersionsDialog::choose);
}

void VersionsDialog::askVersions()
{
    m_state->setState(Icon::Clock, Role::Muted, tr("Being read…"));
    m_gateway.revisions(this, [this](const gateway::Result<std::vector<Revision>> &revisions) {
        if (!revisions) {
            m_state->setState(Icon::Error, Role::Err, bridge::qt(revisions.error().message));
            return;
        }
        m_revisions = *revisions;
        showVersions();
    });
}

void VersionsDialog::showVersions()
{
    m_list->clear();
    for (const Revision &revision : m_revisions) {
        const bool live = revision.number == m_draft.liveRevision();
        if (m_routesOnly->isChecked() && !live && !touchesRoutes(revision))
            continue;
        auto *item = new QListWidgetItem(m_list);
        const QString number = live ? tr("r%1, live").arg(revision.number) : tr("r%1").arg(revision.number);
        const QString when = tr("%1, %2").arg(moment(revision.at, m_view.now()), bridge::qt(revision.author));
        const QString words = bridge::qt(revision.note.empty() ? revision.changes : revision.note).section(u'\n', 0, 0);
        item->setData(Number, number);
        item->setData(When, when);
        item->setData(Words, words);
        item->setData(Qt::AccessibleTextRole, tr("%1, %2: %3").arg(number, when, words));
        item->setToolTip(bridge::qt(revision.changes));
        item->setData(RevisionNumber, QVariant::fromValue<qulonglong>(revision.number));
    }
    m_list->setCurrentRow(0);
}

void VersionsDialog::choose()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    m_chosen = item->data(RevisionNumber).toULongLong();
    m_then.reset();
    allow(false, tr("Being read…"));
    m_gateway.configAt(m_chosen, this, [this, asked = m_chosen](const gateway::Result<Config> &then) {
        if (asked != m_chosen)
            return;
        if (then)
            showVersion(*then);
        else
            m_state->setState(Icon::Error, Role::Err, bridge::qt(then.error().message));
    });
}

void VersionsDialog::showVersion(const Config &then)
{
    const Config next = withRoutesOf(m_draft.live(), then);
    m_changes->setChanges(m_draft.live(), next);
    m_then = then;
    if (next == m_draft.live()) {
        m_state->setState(Icon::Ok, Role::Ok, tr("These are the routes that are live."));
        allow(false, tr("These are the routes that are live"));
        return;
    }
    m_state->setState(Icon::Clock, Role::Muted, tr("Being checked…"));
    m_gateway.check(next, this, [this, asked = m_chosen](const std::vector<FieldError> &problems) {
        if (asked == m_chosen)
            takeCheck(problems);
    });
}

void VersionsDialog::takeCheck(const std::vector<FieldError> &problems)
{
    const auto error = std::ranges::find(problems, false, &FieldError::warning);
    if (error == problems.end()) {
        m_state->setState(Icon::Diff, Role::Accent, tr("What going back to version %1 would change:").arg(m_chosen));
        allow(true, {});
        return;
    }
    const QString why = bridge::qt(error->message);
    m_state->setState(Icon::Error, Role::Err, tr("They do not fit what else is configured now: %1").arg(why));
    allow(false, why);
    m_toDraft->setEnabled(true); // there it can be mended
}

void VersionsDialog::allow(bool possible, const QString &why)
{
    for (Button *button : {m_toDraft, m_goBack}) {
        button->setEnabled(possible);
        button->setToolTip(why);
        button->setAccessibleDescription(why);
    }
}

void VersionsDialog::goBack()
{
    if (!m_then)
        return;
    const Config then = std::move(*m_then);
    bridge::ConfigDraft::applyNow(m_gateway, m_view, tr("Back to the routes of version %1").arg(m_chosen), [then](Config &config) { config = withRoutesOf(config, then); });
    accept();
}

void VersionsDialog::takeIntoDraft()
{
    if (!m_then)
        return;
    const Config then = std::move(*m_then);
    m_draft.edit(tr("routes of version %1").arg(m_chosen), [then](Config &config) { config = withRoutesOf(config, then); });
    accept();
}

} // namespace ui::routes
