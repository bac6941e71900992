// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/subjects_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/alerts/alert_standing.h"
#include "ui/panes/alerts/cells_model.h"
#include "ui/panes/alerts/mute_menu.h"
#include "ui/widgets/button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using gateway::AlertState;
using gateway::AlertStatus;
using widgets::Button;
using widgets::Icon;

QString limitText(const AlertStatus &status, const AlertWhen &when)
{
    const AlertUnit unit = unitOf(when);
    if (status.lower && status.upper)
        return SubjectsPage::tr("%1 to %2").arg(valueText(std::max(0.0, *status.lower), unit), valueText(*status.upper, unit));
    if (status.upper)
        return SubjectsPage::tr("above %1").arg(valueText(*status.upper, unit));
    return status.lower ? SubjectsPage::tr("below %1").arg(valueText(*status.lower, unit)) : widgets::unknownText();
}

} // namespace

SubjectsPage::SubjectsPage(Now now, QWidget *parent)
    : QWidget(parent), m_now(std::move(now)), m_model(new CellsModel({tr("Of"), tr("State"), tr("Value"), tr("Fires if"), tr("Calls"), tr("Since"), tr("Note")}, this)), m_table(new widgets::TableView(widgets::RowHeight::Dense)),
      m_mute(new Button(Icon::Pause, tr("Mute"))), m_acknowledge(new Button(Icon::Check, tr("Acknowledge"))), m_calls(new Button(Icon::Calls, tr("Calls"))), m_note(new widgets::ElidedLabel), m_nothing(new widgets::EmptyState({})), m_stack(new QStackedWidget)
{
    m_table->setObjectName(u"alerts.subjects"_s);
    m_table->setAccessibleName(tr("How it stands"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_mute->setObjectName(u"alerts.subject.mute"_s);
    m_mute->setTrailing(Icon::Down);
    m_acknowledge->setObjectName(u"alerts.subject.acknowledge"_s);
    m_calls->setObjectName(u"alerts.subject.calls"_s);
    m_nothing->setPicture(false);
    m_nothing->setObjectName(u"alerts.subjectsNothing"_s);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(16, 6, 12, 2);
    bar->setSpacing(8);
    bar->addWidget(m_note, 1);
    for (Button *button : {m_calls, m_mute, m_acknowledge}) {
        button->setSmall(true);
        bar->addWidget(button);
    }
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_nothing);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_stack, 1);
    connect(m_mute, &QPushButton::clicked, this, &SubjectsPage::openMuteMenu);
    connect(m_acknowledge, &QPushButton::clicked, this, &SubjectsPage::acknowledge);
    connect(m_calls, &QPushButton::clicked, this, [this] {
        if (const AlertStatus *its = status())
            Q_EMIT callsWanted(its->subject);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SubjectsPage::refreshActions);
    connect(m_model, &QAbstractItemModel::modelReset, this, &SubjectsPage::refreshActions);
    refreshActions();
}

const AlertStatus *SubjectsPage::status() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() || rows.first().row() >= static_cast<int>(m_states.size()) ? nullptr : &m_states[static_cast<std::size_t>(rows.first().row())];
}

std::optional<std::string> SubjectsPage::chosen() const { return status() ? std::optional(status()->subject) : std::nullopt; }

bool SubjectsPage::mutedAlone() const
{
    const AlertStatus *its = status();
    return its && std::ranges::any_of(m_mutes, [&](const gateway::AlertMute &mute) { return mute.alert == its->alert && mute.subject == its->subject; });
}

void SubjectsPage::openMuteMenu()
{
    if (!status())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(u"alerts.subject.muteMenu"_s);
    fillMuteMenu(menu, m_now(), mutedAlone(), [this, subject = status()->subject](std::optional<gateway::WallTime> until) { Q_EMIT muteWanted(subject, until); });
    menu->popup(m_mute->mapToGlobal(QPoint(0, m_mute->height())));
}

void SubjectsPage::acknowledge()
{
    const AlertStatus *its = status();
    if (its && its->state == AlertState::Firing && its->acknowledgedBy.empty())
        Q_EMIT acknowledgeWanted(its->subject);
}

void SubjectsPage::refreshActions()
{
    const AlertStatus *its = status();
    m_mute->setEnabled(its);
    m_calls->setEnabled(its);
    m_acknowledge->setEnabled(its && its->state == AlertState::Firing && its->acknowledgedBy.empty());
    m_acknowledge->setToolTip(!its ? tr("Choose one first") : its->state != AlertState::Firing ? tr("It does not fire there") : tr("Somebody sees to it: it is not told again (A)"));
}

void SubjectsPage::show(const std::optional<Alert> &alert, const gateway::AlertBoard &board)
{
    const std::string id = alert ? alert->id : std::string();
    const std::optional<std::string> before = id == m_alert ? chosen() : std::nullopt;
    m_alert = id;
    m_states = alert && !id.empty() ? statesOf(board, id) : std::vector<AlertStatus> {};
    m_mutes = board.mutes;
    const gateway::WallTime now = m_now();
    QList<CellsModel::Row> rows;
    for (const AlertStatus &its : m_states) {
        const StateLook look = lookOf(its, alert->severity, now);
        rows << CellsModel::Row {{.text = its.subject.empty() ? tr("the organisation") : qt(its.subject)},
                                 {.text = look.words, .icon = look.icon, .role = its.state == AlertState::Ok ? std::optional(widgets::Role::Muted) : std::optional(look.role)},
                                 {.text = its.value ? valueText(*its.value, unitOf(alert->when)) : widgets::unknownText(), .tip = its.value ? QString() : tr("There were no calls to reckon it from")},
                                 {.text = limitText(its, alert->when)},
                                 {.text = gateway::config::infoOf(alert->when.metric).ofCalls ? widgets::count(its.calls) : widgets::unknownText()},
                                 {.text = its.since == gateway::WallTime {} ? widgets::unknownText() : widgets::moment(its.since, now)},
                                 {.text = look.note}};
    }
    m_model->show(rows);
    for (std::size_t i = 0; before && i < m_states.size(); ++i) {
        if (m_states[i].subject == *before)
            m_table->selectionModel()->select(m_model->index(static_cast<int>(i), 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    if (!chosen() && !rows.isEmpty())
        m_table->selectionModel()->select(m_model->index(0, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_nothing->setSentence(!alert ? tr("Choose an alert to see how it stands.") : id.empty() ? tr("It watches once it is saved.") : !alert->enabled ? tr("It is off, and watches nothing.") : tr("It has seen nobody of its scope yet: their first call puts them here."));
    m_note->setText(board.at == gateway::WallTime {} || rows.isEmpty() ? QString() : tr("looked at %1").arg(widgets::moment(board.at, now)));
    m_stack->setCurrentWidget(rows.isEmpty() ? static_cast<QWidget *>(m_nothing) : m_table);
    refreshActions();
}

void SubjectsPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool wide = width() >= 760;
    m_table->setColumnHidden(4, !wide);
    m_table->setColumnWidths({wide ? 170 : 110, 96, 80, wide ? 130 : 104, 64, wide ? 120 : 100, 0});
}

} // namespace ui::alerts
