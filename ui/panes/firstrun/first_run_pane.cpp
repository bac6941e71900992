// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/first_run_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/firstrun/call_step.h"
#include "ui/panes/firstrun/key_step.h"
#include "ui/panes/firstrun/provider_step.h"
#include "ui/panes/firstrun/waiting_card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QScrollArea>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::firstrun {
namespace {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

constexpr int pageWidth = 1100; ///< 40 px of margin on either side in it
constexpr int tickMs = 250;     ///< a rejected key is to be seen within a second

class Mark final : public QWidget
{
public:
    Mark() { setFixedSize(40, 40); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        widgets::paintIcon(&painter, Icon::Logo, QRectF(rect()), widgets::colorsOf(this).accent);
    }
};

/// Whether the caller was known: what came without a known key is told by the counts, and is no first call.
bool isCall(const gateway::CallRecord &record)
{
    return !record.error || (*record.error != gateway::ErrorCode::MissingKey && *record.error != gateway::ErrorCode::InvalidKey);
}

} // namespace

FirstRunPane::FirstRunPane(const panes::PaneContext &context, QWidget *parent)
    : Pane(context, parent), m_provider(new ProviderStep(gateway())), m_key(new KeyStep(gateway(), view())), m_call(new CallStep(gateway())),
      m_waiting(new WaitingCard(gateway(), view())), m_open(new Button(Icon::None, tr("Open the call"))), m_fallback(new Button(Icon::None, tr("Add a fallback"))),
      m_tick(new QTimer(this))
{
    setObjectName(u"firstrun"_s);
    setUpPage();
    m_tick->setInterval(tickMs);
    connect(m_tick, &QTimer::timeout, m_waiting, &WaitingCard::tick);
    connect(m_provider, &ProviderStep::modelChanged, this, &FirstRunPane::showModelAndKey);
    connect(m_key, &KeyStep::secretChanged, this, [this] {
        if (!m_key->secret().isEmpty())
            m_waiting->begin();
        showModelAndKey();
    });
    connect(&gateway(), &gateway::api::Gateway::callsCommitted, this, &FirstRunPane::lookForCall);
    connect(&gateway(), &gateway::api::Gateway::listenerChanged, m_waiting, &WaitingCard::tick);
    connect(m_open, &QPushButton::clicked, this, [this] { view().openPane(u"calls"_s, m_callId); });
    connect(m_fallback, &QPushButton::clicked, this, [this] { view().openPane(u"routes"_s, m_route); });
    showModelAndKey();
}

void FirstRunPane::setUpPage()
{
    auto *left = new QVBoxLayout;
    left->setSpacing(16);
    left->addWidget(m_provider);
    left->addWidget(m_key, 1);
    auto *right = new QVBoxLayout;
    right->setSpacing(16);
    right->addWidget(m_call);
    right->addWidget(m_waiting, 1);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(16);
    columns->addLayout(left, 1);
    columns->addLayout(right, 1);

    auto *page = new QWidget;
    page->setMaximumWidth(pageWidth);
    auto *column = new QVBoxLayout(page);
    m_margins = column;
    column->setSpacing(0);
    column->addWidget(makeTitle());
    column->addSpacing(24);
    column->addLayout(columns);
    column->addSpacing(28);
    column->addWidget(new widgets::Divider(Qt::Horizontal));
    column->addSpacing(16);
    column->addWidget(makeFooter());
    column->addStretch(1);

    auto *middle = new QWidget;
    auto *row = new QHBoxLayout(middle);
    row->setContentsMargins(0, 0, 0, 0);
    row->addStretch(1);
    row->addWidget(page, 1000);
    row->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setObjectName(u"firstrun.page"_s);
    scroll->setAccessibleName(title());
    scroll->setWidget(middle);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
}

QWidget *FirstRunPane::makeTitle()
{
    auto *skip = new Button(Button::Kind::Flat, Icon::None, tr("Skip"));
    skip->setObjectName(u"firstrun.skip"_s);
    skip->setToolTip(tr("Settings brings this page back."));
    connect(skip, &QPushButton::clicked, this, [this] { view().openPane(u"overview"_s); });
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(new Label(Label::Kind::Hero, tr("Make the first call")));
    words->addWidget(new Label(Label::Kind::Secondary, tr("A provider, a key, one request. About a minute; everything can be changed later.")));
    auto *title = new QWidget;
    auto *row = new QHBoxLayout(title);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(new Mark);
    row->addLayout(words, 1);
    row->addWidget(skip);
    return title;
}

QWidget *FirstRunPane::makeFooter()
{
    auto *note = new Label(Label::Kind::Secondary,
        tr("Nothing leaves this machine until a provider elsewhere is added. Only loopback was asked: ports 11434, 8000 and 1234.\n"
           "No provider at hand? “signalbox --demo” shows everything with simulated ones."));
    note->setObjectName(u"firstrun.note"_s);
    note->setWordWrap(true);
    m_open->setObjectName(u"firstrun.open"_s);
    m_fallback->setObjectName(u"firstrun.fallback"_s);
    for (Button *button : {m_open, m_fallback}) {
        button->setEnabled(false);
        button->setToolTip(tr("Once the first call has arrived."));
    }
    auto *footer = new QWidget;
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(note, 1);
    row->addSpacing(12);
    row->addWidget(m_open, 0, Qt::AlignTop);
    row->addWidget(m_fallback, 0, Qt::AlignTop);
    return footer;
}

void FirstRunPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    const int side = width() < pageWidth ? 24 : 40;
    m_margins->setContentsMargins(side, 32, side, 24);
}

void FirstRunPane::activated()
{
    if (!m_from)
        m_from = view().now();
    m_provider->look();
    m_waiting->tick();
    m_tick->start();
    lookForCall(); // it may have come while the window was out of sight
}

void FirstRunPane::deactivated()
{
    m_tick->stop();
    if (!window()->isVisible() || window()->isMinimized())
        return; // out of sight only; the page was not left
    m_provider->forget();
    m_key->forget();
    m_waiting->end();
    m_call->setCallSeen(false);
    m_from.reset();
}

void FirstRunPane::showModelAndKey() { m_call->fill(m_key->secret(), m_provider->model()); }

void FirstRunPane::lookForCall()
{
    if (!active() || !m_from || m_waiting->arrived())
        return;
    gateway::api::CallQuery query;
    query.range.from = *m_from;
    query.limit = 100;
    gateway().calls(query, this, [this](const gateway::Result<gateway::api::CallPage> &page) {
        if (!page || !active() || m_waiting->arrived())
            return;
        const auto found = std::ranges::find_if(page->rows, [](const gateway::api::CallRow &row) { return isCall(row.record); });
        if (found != page->rows.end())
            showCall(found->record);
    });
}

void FirstRunPane::showCall(const gateway::CallRecord &record)
{
    m_callId = qt(record.id);
    m_route = qt(record.route);
    m_waiting->showCall(record);
    m_call->setCallSeen(record.status == gateway::CallStatus::Ok);
    for (Button *button : {m_open, m_fallback}) {
        button->setEnabled(true);
        button->setToolTip({});
    }
    m_open->setKind(Button::Kind::Primary);
}

} // namespace ui::firstrun
