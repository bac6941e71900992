// SPDX-License-Identifier: GPL-3.0-or-later
// How the parts of the report's view are laid out and joined; what it does with them is in report_view.cpp.
#include "ui/panes/costs/report_view.h"

#include "gateway/core/time_zones.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

#include <QComboBox>
#include <QDateEdit>
#include <QDesktopServices>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTimeZone>
#include <QTimer>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace ui::costs {

using widgets::Button;
using widgets::Icon;

namespace {

constexpr int paceMs = 150, formWidth = 320;

} // namespace

ReportView::ReportView(gateway::api::Gateway &gateway, gateway::api::ReportTools &tools, bridge::ViewContext &view, QWidget *parent) :
    QWidget(parent), m_gateway(gateway), m_tools(tools), m_view(view), m_team(new QComboBox), m_kind(new QComboBox), m_when(new QComboBox), m_first(new QDateEdit), m_last(new QDateEdit),
    m_format(new widgets::SegmentedControl({tr("PDF"), tr("HTML")})), m_save(new Button(Button::Kind::Primary, Icon::Download, tr("Save…"))), m_folder(new Button(Icon::Folder, tr("Open folder"))),
    m_back(Button::iconOnly(Icon::Left, tr("Page before"))), m_forth(Button::iconOnly(Icon::Right, tr("Next page"))), m_number(new widgets::Label(widgets::Label::Kind::Secondary)), m_banner(new widgets::SectionBanner),
    m_waiting(new widgets::SkeletonView), m_scroll(new QScrollArea), m_picture(new QLabel), m_stack(new QStackedLayout), m_pace(new QTimer(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 8, 0, 0);
    row->setSpacing(16);
    row->addWidget(makeForm());
    row->addWidget(makePreview(), 1);
    m_pace->setSingleShot(true);
    m_pace->setInterval(paceMs);
    connect(m_pace, &QTimer::timeout, this, &ReportView::ask);
    for (QComboBox *box : {m_team, m_when})
        connect(box, &QComboBox::currentIndexChanged, this, &ReportView::askSoon);
    for (QDateEdit *edit : {m_first, m_last})
        connect(edit, &QDateEdit::dateChanged, this, &ReportView::askSoon);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        fillTimes();
        askSoon();
    });
    connect(m_save, &QPushButton::clicked, this, &ReportView::save);
    connect(m_folder, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_savedIn)); });
    connect(m_back, &QPushButton::clicked, this, [this] { showPage(m_page - 1); });
    connect(m_forth, &QPushButton::clicked, this, [this] { showPage(m_page + 1); });
    connect(m_waiting, &widgets::SkeletonView::cancelled, this, &ReportView::cancel);
    fillTimes();
    ask();
}

QWidget *ReportView::makeForm()
{
    auto *form = new QWidget;
    form->setFixedWidth(formWidth);
    auto *column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    const auto config = m_gateway.config();
    m_team->addItem(tr("All teams"));
    for (const gateway::config::Team &team : config->teams)
        m_team->addItem(bridge::qt(team.name), bridge::qt(team.name));
    m_kind->addItems({tr("Week"), tr("Month"), tr("From and to")});
    const QDate today = QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(m_view.now()).time_since_epoch().count(), gateway::zoneOrUtc(config->gateway.timeZone)).date();
    m_first->setDate(today.addDays(-7));
    m_last->setDate(today.addDays(-1));
    for (QDateEdit *edit : {m_first, m_last}) {
        edit->setDisplayFormat(u"d MMM yyyy"_s);
        edit->setCalendarPopup(true);
    }
    m_first->setAccessibleName(tr("First day"));
    m_last->setAccessibleName(tr("Last day"));
    m_format->setAccessibleName(tr("Format"));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    panes::addField(grid, 0, 0, tr("Team"), m_team);
    panes::addField(grid, 1, 0, tr("Of a"), m_kind);
    auto *when = new QWidget;
    auto *times = new QVBoxLayout(when);
    times->setContentsMargins(0, 0, 0, 0);
    times->setSpacing(8);
    m_when->setAccessibleName(tr("Which one"));
    for (QWidget *field : std::initializer_list<QWidget *> {m_when, m_first, m_last}) {
        field->setMinimumHeight(28);
        times->addWidget(field);
    }
    panes::addField(grid, 2, 0, tr("Which"), when);
    when->setAccessibleName({});
    grid->addWidget(new widgets::Label(widgets::Label::Kind::Field, tr("Format")), 3, 0, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(m_format, 3, 1, Qt::AlignLeft);
    column->addLayout(grid);
    auto *note = new widgets::Label(widgets::Label::Kind::Note, tr("Days are those of %1. HTML is one file that opens in any browser and prints on A4.").arg(bridge::qt(config->gateway.timeZone)));
    note->setWordWrap(true);
    column->addWidget(note);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_save);
    buttons->addWidget(m_folder);
    buttons->addStretch();
    column->addLayout(buttons);
    column->addStretch();
    m_save->setEnabled(false);
    m_folder->setEnabled(false);
    m_folder->setToolTip(tr("Where the report was saved last"));
    const std::initializer_list<std::pair<QWidget *, QString>> names {{m_team, u"team"_s}, {m_kind, u"kind"_s}, {m_when, u"when"_s}, {m_first, u"first"_s}, {m_last, u"last"_s}, {m_format, u"format"_s}, {m_save, u"save"_s}, {m_folder, u"folder"_s},
                                                                      {m_back, u"back"_s}, {m_forth, u"forth"_s}, {m_number, u"number"_s}, {m_banner, u"banner"_s}, {m_picture, u"picture"_s}};
    for (const auto &[widget, name] : names)
        widget->setObjectName(u"costs.report."_s + name);
    return form;
}

QWidget *ReportView::makePreview()
{
    auto *preview = new QWidget;
    auto *column = new QVBoxLayout(preview);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_banner->hide();
    m_scroll->setWidget(m_picture);
    m_scroll->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_scroll->setBackgroundRole(QPalette::Window);
    m_scroll->setAccessibleName(tr("Preview"));
    auto *stacked = new QWidget;
    stacked->setLayout(m_stack);
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(m_waiting);
    auto *turning = new QHBoxLayout;
    turning->setSpacing(8);
    turning->addStretch();
    turning->addWidget(m_back);
    turning->addWidget(m_number);
    turning->addWidget(m_forth);
    turning->addStretch();
    column->addWidget(m_banner);
    column->addWidget(stacked, 1);
    column->addLayout(turning);
    return preview;
}

} // namespace ui::costs
