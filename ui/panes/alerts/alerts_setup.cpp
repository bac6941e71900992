// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/text.h"
#include "ui/panes/alerts/alert_inspector.h"
#include "ui/panes/alerts/alerts_model.h"
#include "ui/panes/alerts/alerts_pane.h"
#include "ui/panes/alerts/deliveries_page.h"
#include "ui/panes/alerts/firings_page.h"
#include "ui/panes/alerts/preview_panel.h"
#include "ui/panes/alerts/subjects_page.h"
#include "ui/panes/template_cards.h"
#include "ui/widgets/card.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/table_view.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QMenu>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>

/// How the alerts pane is built.
namespace ui::alerts {

namespace {

using namespace Qt::StringLiterals;
using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Role;

constexpr int barHeight = 44;
constexpr int leastTable = 130, leastLower = 190;

/// What a new one can begin with.
QList<std::pair<AlertTemplate, panes::TemplateCards::Offer>> templates()
{
    return {{AlertTemplate::ErrorRate, {Icon::Warning, u"errors"_s, AlertsPane::tr("Error rate"), AlertsPane::tr("A route fails more than 5 % of its calls, for 5 minutes.")}},
            {AlertTemplate::BudgetUsed, {Icon::Gauge, u"budget"_s, AlertsPane::tr("Budget used"), AlertsPane::tr("A team has spent more than 80 % of its budget.")}},
            {AlertTemplate::Latency, {Icon::Clock, u"latency"_s, AlertsPane::tr("Latency"), AlertsPane::tr("The p95 of a route is above 10 s, for 5 minutes.")}}};
}

} // namespace

AlertsPane::AlertsPane(const panes::PaneContext &paneContext, QWidget *parent)
    : Pane(paneContext, parent), m_draft(*paneContext.gateway), m_tools(gateway::api::AlertTools::of(*paneContext.gateway)), m_model(new AlertsModel(this)), m_table(new widgets::TableView(widgets::RowHeight::TwoLines)),
      m_selection(new widgets::SelectionBar), m_banner(new widgets::SectionBanner(widgets::SectionBanner::Kind::Warning)), m_splitter(new QSplitter(Qt::Vertical)), m_stack(new QStackedWidget), m_inspector(new AlertInspector(m_draft))
{
    setObjectName(u"alerts"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeMiddle(), 1);
    row->addWidget(m_inspector);
    setUpShortcuts();
    connectParts();
    refresh();
}

QWidget *AlertsPane::makeBar()
{
    auto *bar = new widgets::Panel(Role::Surface, Qt::BottomEdge);
    bar->setFixedHeight(barHeight);
    m_new = new Button(Button::Kind::Primary, Icon::Plus, tr("New alert"));
    m_new->setObjectName(u"alerts.new"_s);
    m_new->setTrailing(Icon::Down);
    m_test = new Button(Icon::Zap, tr("Test"));
    m_test->setObjectName(u"alerts.test"_s);
    m_mute = new Button(Icon::Pause, tr("Mute"));
    m_mute->setObjectName(u"alerts.mute"_s);
    m_mute->setTrailing(Icon::Down);
    m_acknowledge = new Button(Icon::Check, tr("Acknowledge"));
    m_acknowledge->setObjectName(u"alerts.acknowledge"_s);
    auto *mail = new Button(Button::Kind::Flat, Icon::Settings, tr("Mail server"));
    mail->setObjectName(u"alerts.mail"_s);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(16, 0, 12, 0);
    layout->setSpacing(8);
    for (Button *button : {m_new, m_test, m_mute, m_acknowledge})
        layout->addWidget(button);
    layout->addStretch(1);
    layout->addWidget(mail);
    fillNewMenu();
    connect(m_test, &QPushButton::clicked, this, &AlertsPane::test);
    connect(m_mute, &QPushButton::clicked, this, &AlertsPane::openMuteMenu);
    connect(m_acknowledge, &QPushButton::clicked, this, [this] { acknowledge(selected(), std::nullopt); });
    connect(mail, &QPushButton::clicked, m_inspector, &AlertInspector::focusMail);
    return bar;
}

void AlertsPane::fillNewMenu()
{
    auto *menu = new QMenu(m_new);
    menu->setObjectName(u"alerts.newMenu"_s);
    const auto offer = [&](const QString &text, Icon icon, const QString &name, AlertTemplate form) {
        QAction *action = menu->addAction(widgets::themedIcon(icon), text, this, [this, form] { add(form); });
        action->setObjectName(u"alerts.new."_s + name);
    };
    for (const auto &[form, words] : templates())
        offer(words.title, words.icon, words.name, form);
    menu->addSeparator();
    offer(tr("Something else"), Icon::Plus, u"plain"_s, AlertTemplate::Plain);
    connect(m_new, &QPushButton::clicked, this, [this, menu] { menu->popup(m_new->mapToGlobal(QPoint(0, m_new->height()))); });
}

QWidget *AlertsPane::makeMiddle()
{
    m_banner->setObjectName(u"alerts.banner"_s);
    m_bannerBox = new QWidget;
    auto *bannerLayout = new QVBoxLayout(m_bannerBox);
    bannerLayout->setContentsMargins(16, 12, 12, 8);
    bannerLayout->addWidget(m_banner);
    m_splitter->setObjectName(u"alerts.splitter"_s);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(makeTable());
    if (m_tools) {
        m_splitter->addWidget(makeLower());
        m_splitter->setStretchFactor(0, 10);
        m_splitter->setStretchFactor(1, 11);
    }
    auto *middle = new QWidget;
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_bannerBox);
    column->addWidget(m_selection);
    column->addWidget(m_splitter, 1);
    return middle;
}

QWidget *AlertsPane::makeTable()
{
    m_table->setObjectName(u"alerts.table"_s);
    m_table->setAccessibleName(tr("Alerts"));
    m_table->setModel(m_model);
    m_table->setRowLines(true);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillRowMenu(menu);
        menu->popup(m_table->viewport()->mapToGlobal(at));
    });
    QList<panes::TemplateCards::Offer> offers;
    for (const auto &[form, words] : templates())
        offers << words;
    auto *cards = new panes::TemplateCards(tr("No alerts yet. An alert watches a figure of your calls, and tells somebody when it is not as it should be."), u"alerts.template"_s, offers);
    cards->setObjectName(u"alerts.templates"_s);
    connect(cards, &panes::TemplateCards::wanted, this, [this](int offer) { add(templates().at(offer).first); });
    m_stack->addWidget(cards);
    m_stack->addWidget(m_table);
    m_stack->setMinimumHeight(leastTable);

    m_bulkMute = m_selection->addAction(Icon::Pause, tr("Mute"));
    m_bulkMute->setObjectName(u"alerts.bulk.mute"_s);
    connect(m_bulkMute, &QPushButton::clicked, this, &AlertsPane::openMuteMenu);
    const auto bulk = [this](Icon icon, const QString &text, const QString &name, const std::function<void()> &work) {
        Button *button = m_selection->addAction(icon, text);
        button->setObjectName(u"alerts.bulk."_s + name);
        connect(button, &QPushButton::clicked, this, work);
    };
    bulk(Icon::Check, tr("Acknowledge"), u"acknowledge"_s, [this] { acknowledge(selected(), std::nullopt); });
    bulk(Icon::Play, tr("Switch on"), u"on"_s, [this] { switchSelected(true); });
    bulk(Icon::Skipped, tr("Switch off"), u"off"_s, [this] { switchSelected(false); });
    bulk(Icon::Trash, tr("Remove"), u"remove"_s, [this] { removeSelected(); });
    connect(m_selection, &widgets::SelectionBar::cleared, this, [this] { choose(std::max(0, m_index)); });
    return m_stack;
}

QWidget *AlertsPane::makeLower()
{
    const auto now = [this] { return view().now(); };
    m_lower = new widgets::Panel(Role::Surface, Qt::TopEdge);
    m_lower->setMinimumHeight(leastLower);
    m_tabs = new widgets::TabStrip({tr("Preview"), tr("How it stands"), tr("Firings"), tr("Delivery log")});
    m_tabs->setObjectName(u"alerts.lowerTabs"_s);
    m_tabs->setAccessibleName(tr("What is shown of the alert"));
    m_preview = new PreviewPanel(*m_tools, now);
    m_subjects = new SubjectsPage(now);
    m_firings = new FiringsPage(*m_tools, now);
    m_deliveries = new DeliveriesPage(*m_tools, now);
    m_pages = new QStackedWidget;
    for (QWidget *page : std::initializer_list<QWidget *> {m_preview, m_subjects, m_firings, m_deliveries})
        m_pages->addWidget(page);
    auto *column = new QVBoxLayout(m_lower);
    column->setContentsMargins(0, 1, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_tabs);
    column->addWidget(m_pages, 1);
    return m_lower;
}

void AlertsPane::setUpShortcuts()
{
    const auto add = [this](const QKeySequence &keys, QWidget *where, Qt::ShortcutContext context, const auto &work) { new QShortcut(keys, where, this, work, context); };
    add(QKeySequence(u"Ctrl+Z"_s), this, Qt::WidgetWithChildrenShortcut, [this] { m_draft.undoStack().undo(); });
    add(QKeySequence(u"Ctrl+Y"_s), this, Qt::WidgetWithChildrenShortcut, [this] { m_draft.undoStack().redo(); });
    add(QKeySequence(u"Ctrl+S"_s), this, Qt::WidgetWithChildrenShortcut, [this] { save(); });
    add(Qt::Key_Insert, this, Qt::WidgetWithChildrenShortcut, [this] { m_new->click(); });
    add(QKeySequence(u"Ctrl+T"_s), this, Qt::WidgetWithChildrenShortcut, [this] { test(); });
    // Letters alone: where the keys are in a list, not where somebody types.
    for (QWidget *list : std::initializer_list<QWidget *> {m_table, m_subjects}) {
        if (!list)
            continue;
        const auto context = list == m_table ? Qt::WidgetShortcut : Qt::WidgetWithChildrenShortcut;
        add(Qt::Key_M, list, context, [this] { muteByKey(); });
        add(Qt::Key_A, list, context, [this] { acknowledgeByKey(); });
    }
    add(Qt::Key_Delete, m_table, Qt::WidgetShortcut, [this] { removeSelected(); });
    add(Qt::Key_Space, m_table, Qt::WidgetShortcut, [this] { switchSelected(std::nullopt); });
    for (const int key : {int(Qt::Key_Return), int(Qt::Key_Enter), int(Qt::Key_F2)})
        add(QKeySequence(key), m_table, Qt::WidgetShortcut, [this] { m_inspector->focusName(); });
}

void AlertsPane::connectParts()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &AlertsPane::takeChoice);
    connect(m_table, &QAbstractItemView::doubleClicked, m_inspector, &AlertInspector::focusName);
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &AlertsPane::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &AlertsPane::refresh);
    connect(&m_draft, &bridge::ConfigDraft::liveChanged, this, &AlertsPane::refresh);
    connect(m_inspector, &AlertInspector::edited, this, &AlertsPane::edit);
    connect(m_inspector, &AlertInspector::smtpEdited, this, [this](const QString &what, const SmtpForm::Change &change, const QString &merge) {
        if (!m_draft.config().fileSections.contains("smtp"))
            m_draft.edit(what, [&change](Config &config) { change(config.smtp); }, merge.isEmpty() ? merge : u"smtp "_s + merge);
    });
    connect(m_inspector, &AlertInspector::switchWanted, this, [this](bool on) { switchSelected(on); });
    connect(m_inspector, &AlertInspector::removeWanted, this, &AlertsPane::removeSelected);
    connect(m_inspector, &AlertInspector::duplicateWanted, this, &AlertsPane::duplicate);
    connect(m_inspector, &AlertInspector::saveWanted, this, &AlertsPane::save);
    connect(m_inspector, &AlertInspector::secretMade, this, [this](const QString &secret) {
        QApplication::clipboard()->setText(secret);
        view().toast(tr("The new secret is in the clipboard: give it to the receiver. It counts once it is saved."));
    });
    if (!m_tools)
        return;
    connect(m_tools, &gateway::api::AlertTools::changed, this, [this] {
        if (!active())
            return;
        refresh();
        m_firings->refresh();
        m_deliveries->refresh();
    });
    connect(&view(), &bridge::ViewContext::refreshRequested, this, [this] {
        if (!active())
            return;
        refresh();
        m_preview->ask();
        m_firings->ask();
        m_deliveries->ask();
    });
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, &AlertsPane::showLower);
    connect(m_firings, &FiringsPage::callsWanted, this, &AlertsPane::openCalls);
    connect(m_subjects, &SubjectsPage::muteWanted, this, [this](const std::string &subject, std::optional<gateway::WallTime> until) {
        if (chosen())
            mute({*chosen()}, subject, until);
    });
    connect(m_subjects, &SubjectsPage::acknowledgeWanted, this, [this](const std::string &subject) {
        if (chosen())
            acknowledge({*chosen()}, subject);
    });
    connect(m_subjects, &SubjectsPage::callsWanted, this, [this](const std::string &subject) {
        if (chosen())
            view().openCalls(callsFilter(chosen()->when, subject));
    });
}

} // namespace ui::alerts
