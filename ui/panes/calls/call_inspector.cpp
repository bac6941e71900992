// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_inspector.h"

#include "ui/bridge/chat.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/body_view.h"
#include "ui/panes/calls/bond_links.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/call_curl.h"
#include "ui/panes/calls/chat_view.h"
#include "ui/panes/calls/cost_view.h"
#include "ui/panes/calls/details_view.h"
#include "ui/panes/calls/mark_strip.h"
#include "ui/panes/calls/prefix_note.h"
#include "ui/panes/calls/waterfall_view.h"
#include "ui/widgets/card.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPainter>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace ui::calls {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

CallInspector::CallInspector(const panes::PaneContext &context, QWidget *parent) :
    QWidget(parent), m_context(context), m_idText(new Label(Label::Kind::Mono)), m_status(new widgets::Chip), m_summary(new widgets::ElidedLabel), m_losses(new widgets::Chip({}, widgets::Role::Warn)), m_bonds(new BondLinks(context.gateway)),
    m_makePrompt(Button::iconOnly(Icon::Prompts, tr("Make a prompt of this call…"), nullptr, Button::Kind::Flat)),
    m_tabs(new widgets::TabStrip({tr("Chat + attempts"), tr("Request"), tr("Response"), tr("Details"), tr("Cost")})), m_pages(new QStackedWidget), m_problem(new widgets::SectionBanner), m_prefix(new PrefixNote(context.gateway)), m_marks(new MarkStrip),
    m_attemptsNote(new Label(Label::Kind::Secondary)), m_waterfall(new WaterfallView), m_chat(new ChatView), m_request(new BodyView(BodyKind::Request)),
    m_response(new BodyView(BodyKind::Answer)), m_details(new DetailsView), m_cost(new CostView)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 1, 0, 0);
    column->setSpacing(0);
    setUpHeader(column);
    auto *second = new QHBoxLayout; // the links here: beside them the head has no room for all tabs in a narrow window
    second->setContentsMargins(0, 0, 0, 0);
    second->setSpacing(0);
    second->addWidget(m_marks, 1);
    second->addWidget(m_bonds, 0, Qt::AlignBottom | Qt::AlignRight);
    column->addLayout(second);
    m_problem->hide();
    auto *space = new QVBoxLayout;
    space->setContentsMargins(16, 0, 16, 0);
    space->addWidget(m_problem);
    column->addLayout(space);
    column->addWidget(m_prefix);
    setUpTabs(column);
    connect(m_problem, &widgets::SectionBanner::retried, this, &CallInspector::ask);
    m_problem->addRetry();
}

void CallInspector::setUpHeader(QVBoxLayout *column)
{
    m_idText->setObjectName(u"calls.inspectorId"_s);
    m_idText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_status->setObjectName(u"calls.inspectorStatus"_s);
    m_summary->setObjectName(u"calls.inspectorSummary"_s);
    m_losses->setObjectName(u"calls.inspectorLosses"_s);
    m_losses->setToolTip(tr("What the provider’s format could not take: see Details"));
    m_losses->hide();
    connect(m_losses, &widgets::Chip::clicked, this, [this] {
        setTab(Details);
        m_details->showLost();
    });
    m_bonds->hide();
    connect(m_bonds, &BondLinks::wanted, this, &CallInspector::bondWanted);
    m_tabs->setObjectName(u"calls.tabs"_s);
    m_tabs->setLine(false);
    auto *copyId = Button::iconOnly(Icon::Copy, tr("Copy call id"), this, Button::Kind::Flat);
    copyId->setSmall(true);
    copyId->setObjectName(u"calls.copyId"_s);
    connect(copyId, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_id);
        m_context.view->toast(tr("Call id copied"));
    });
    auto *curl = new widgets::CopyButton(tr("Copy curl"), [this] { return curlOf(m_detail.record, *m_context.gateway); }, this, Button::Kind::Flat);
    curl->button()->setSymbol(Icon::Terminal);
    curl->button()->setSmall(true);
    curl->button()->setObjectName(u"calls.copyCurl"_s);
    m_makePrompt->setObjectName(u"calls.makePrompt"_s);
    m_makePrompt->setSmall(true);
    connect(m_makePrompt, &QPushButton::clicked, this, [this] { m_context.view->openPane(u"prompts"_s, u"call:"_s + m_id); });
    auto *close = Button::iconOnly(Icon::Close, tr("Close (Esc)"), this, Button::Kind::Flat);
    close->setObjectName(u"calls.inspectorClose"_s);
    close->setSmall(true);
    connect(close, &QPushButton::clicked, this, &CallInspector::closeWanted);
    auto *head = new widgets::Panel(widgets::Role::Surface, Qt::BottomEdge);
    head->setFixedHeight(37);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(16, 0, 12, 1);
    row->setSpacing(8);
    row->addWidget(m_idText);
    row->addWidget(copyId);
    row->addWidget(m_status);
    row->addWidget(m_losses);
    row->addWidget(m_summary, 1);
    row->addWidget(m_tabs, 0, Qt::AlignBottom);
    auto *line = new widgets::Divider(Qt::Vertical);
    line->setFixedHeight(16);
    row->addWidget(line);
    row->addWidget(m_makePrompt);
    row->addWidget(curl);
    row->addWidget(close);
    column->addWidget(head);
}

void CallInspector::setUpTabs(QVBoxLayout *column)
{
    auto *title = new QHBoxLayout;
    title->setContentsMargins(16, 8, 16, 8);
    title->setSpacing(8);
    title->addWidget(new Label(Label::Kind::Strong, tr("Attempts")));
    m_attemptsNote->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_attemptsNote->setObjectName(u"calls.attemptsNote"_s);
    title->addWidget(m_attemptsNote, 1);
    m_waterfall->setObjectName(u"calls.waterfall"_s);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_waterfall);
    scroll->viewport()->setAutoFillBackground(false);
    m_waterfall->setAutoFillBackground(false);
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addLayout(title);
    leftColumn->addWidget(scroll, 1);
    m_chat->setObjectName(u"calls.chat"_s);
    auto *halves = new QSplitter(Qt::Horizontal);
    halves->setChildrenCollapsible(false);
    halves->addWidget(left);
    halves->addWidget(m_chat);
    halves->setStretchFactor(0, 1);
    halves->setStretchFactor(1, 1);
    halves->setSizes({660, 700});
    m_request->setObjectName(u"calls.request"_s);
    m_response->setObjectName(u"calls.response"_s);
    for (BodyView *view : {m_request, m_response})
        connect(view, &BodyView::sideChosen, this, &CallInspector::chooseSide);
    m_details->setObjectName(u"calls.details"_s);
    m_cost->setObjectName(u"calls.cost"_s);
    for (QWidget *page : {static_cast<QWidget *>(halves), static_cast<QWidget *>(m_request), static_cast<QWidget *>(m_response), static_cast<QWidget *>(m_details), static_cast<QWidget *>(m_cost)})
        m_pages->addWidget(page);
    column->addWidget(m_pages, 1);
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        fillTab();
    });
}

void CallInspector::chooseSide(CallSide side)
{
    m_side = side;
    fillTab();
}

void CallInspector::resizeEvent(QResizeEvent *event)
{
    constexpr int withId = 1080; // in less the tabs need its place; the button beside it copies it all the same
    m_idText->setVisible(width() >= withId);
    QWidget::resizeEvent(event);
}

void CallInspector::setTab(Tab tab) { m_tabs->setCurrent(tab); }

void CallInspector::showCall(const gateway::CallRecord &record)
{
    const QString id = qt(record.id);
    if (id == m_id && m_complete)
        return; // a call never changes once it is stored
    m_id = id;
    m_complete = false;
    m_detail = {};
    m_detail.record = record;
    showDetail();
    ask();
}

void CallInspector::showId(const QString &id)
{
    if (id == m_id && m_complete)
        return;
    m_id = id;
    m_complete = false;
    m_detail = {};
    m_detail.record.id = bridge::utf8(id);
    m_idText->setText(id);
    m_status->hide();
    m_losses->hide();
    m_bonds->hide();
    m_makePrompt->hide();
    m_marks->setEnabled(false);
    m_summary->setText(tr("Reading the call…"));
    ask();
}

void CallInspector::ask()
{
    m_problem->hide();
    m_prefix->clear();
    m_context.gateway->call(bridge::utf8(m_id), this, [this, question = ++m_question](gateway::Result<gateway::CallDetail> detail) {
        if (question != m_question)
            return; // another call was chosen meanwhile
        if (!detail) {
            m_problem->setContent(tr("Cannot read the call"), qt(detail.error().message));
            m_problem->show();
            if (m_status->isHidden())
                m_summary->setText({});
            return;
        }
        m_detail = std::move(*detail);
        m_complete = true;
        showDetail();
        m_prefix->setCall(m_detail.record);
    });
}

void CallInspector::showHead()
{
    const gateway::CallRecord &record = m_detail.record;
    m_idText->setText(m_id.size() > 24 ? m_id.left(22) + u'…' : m_id);
    m_idText->setToolTip(m_id);
    m_status->setText(statusWords(record));
    m_status->setRole(!statusBad(record) ? widgets::Role::Ok : record.status == gateway::CallStatus::Cancelled ? widgets::Role::Warn : widgets::Role::Err);
    m_status->show();
    m_losses->setText(tr("%1 lost").arg(record.losses.size()));
    m_losses->setVisible(!record.losses.empty());
    m_bonds->setCall(record);
    m_makePrompt->setVisible(m_context.gateway->promptTools() && bridge::asksChat(record.endpoint));
    QStringList parts;
    if (!record.key.empty())
        parts.append(qt(record.key));
    parts.append(qt(record.route.empty() ? record.askedModel : record.route));
    if (!record.attempts.empty())
        parts.append(record.attempts.size() == 1 ? tr("1 attempt") : tr("%1 attempts").arg(record.attempts.size()));
    parts.append(widgets::latency(std::int64_t {record.latencyUs}));
    parts.append(widgets::money(record.cost));
    parts.append(formatPair(record));
    if (record.continued)
        parts.append(tr("cut, then continued"));
    if (record.shadow)
        parts.append(tr("shadow of %1").arg(qt(record.shadowOf)));
    if (record.test)
        parts.append(tr("sent by this window"));
    parts.removeAll(QString());
    m_summary->setText(parts.join(u", "_s));
}

void CallInspector::showDetail()
{
    showHead();
    m_marks->setEnabled(m_complete);
    if (m_complete)
        m_marks->setMark(m_id, m_detail.mark);
    m_attemptsNote->setText(attemptWords(m_detail.record));
    fillTab();
}

void CallInspector::setFilter(const gateway::CallFilter &filter) { m_chat->setWanted(wantedWords(filter)); }

void CallInspector::changeMark(const QString &id, const gateway::MarkChange &change)
{
    if (id != m_id || !m_complete)
        return;
    m_detail.mark = {.colour = change.colour.value_or(m_detail.mark.colour), .comment = change.comment.value_or(m_detail.mark.comment)};
    m_marks->setMark(m_id, m_detail.mark);
}

/// Only what is on the screen: a body may be long, and J and K pass over many calls.
void CallInspector::fillTab()
{
    const auto config = m_context.gateway->config();
    switch (Tab(m_pages->currentIndex())) {
    case Chat:
        m_waterfall->setCall(m_detail.record);
        m_chat->setCall(m_detail, m_complete, config->gateway.log.bodies);
        break;
    case Request: m_request->setCall(m_detail, m_complete, config->gateway.log, m_side); break;
    case Response: m_response->setCall(m_detail, m_complete, config->gateway.log, m_side); break;
    case Details: m_details->setCall(m_detail.record); break;
    case Cost: m_cost->setCall(m_detail.record, *m_context.gateway); break;
    }
}

void CallInspector::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), widgets::colorsOf(this).surface);
    painter.fillRect(0, 0, width(), 1, widgets::colorsOf(this).control);
}

} // namespace ui::calls
