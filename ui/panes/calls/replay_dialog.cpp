// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/replay_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_diff.h"
#include "ui/panes/calls/chat_messages.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStandardItemModel>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::calls {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

namespace {

constexpr int paintMs = 100;
constexpr int lookMs = 150, mostLooks = 40; ///< the log follows in a moment
constexpr int dialogWidth = 720, leastText = 90, mostText = 260;
constexpr int windowRest = 480;             ///< of the window's height, that the answer leaves to everything else
constexpr std::array shownFigures {"Model", "Status", "Cost", "Latency", "TTFT", "Input tokens", "Output tokens"};

/// What the original would cost where nothing was kept of its answer.
std::optional<gateway::Money> priceOf(const gateway::CallRecord &record) { return record.cachedFrom.empty() ? record.cost : record.saved; }

} // namespace

ReplayDialog::ReplayDialog(const panes::PaneContext &context, gateway::CallDetail original, QWidget *parent)
    : Dialog(Icon::Play, Role::Accent, tr("Replay a call"), parent), m_context(context), m_original(std::move(original)), m_tools(gateway::api::CallReplay::of(*context.gateway)), m_route(new QComboBox),
      m_price(new Label(Label::Kind::Secondary)), m_note(new widgets::SectionBanner(widgets::SectionBanner::Kind::Warning)), m_state(new widgets::StateLabel), m_text(new QPlainTextEdit),
      m_table(new widgets::TableView(widgets::RowHeight::Dense)), m_figures(new QStandardItemModel(this))
{
    setObjectName(u"calls.replay"_s);
    setSubtitle(tr("The call of %1 is sent again through the gateway, marked as a test, without its key, customer and session.").arg(widgets::timeOfDay(m_original.record.startedAt)));
    m_paint.setSingleShot(true);
    m_paint.setInterval(paintMs);
    connect(&m_paint, &QTimer::timeout, this, &ReplayDialog::showText);
    m_look.setSingleShot(true);
    m_look.setInterval(lookMs);
    connect(&m_look, &QTimer::timeout, this, &ReplayDialog::askRecord);
    setUpAsked();
    setUpAnswer(parent->window());
    setUpButtons();
    showPossible();
    showPrice();
    showFigures();
}

void ReplayDialog::setUpAsked()
{
    m_route->setObjectName(u"calls.replay.route"_s);
    m_route->setAccessibleName(tr("Route or model to ask"));
    m_route->setEditable(true);
    m_route->setInsertPolicy(QComboBox::NoInsert);
    m_route->lineEdit()->setPlaceholderText(tr("Route, alias or provider/model"));
    const QString asked = qt(m_original.record.askedModel);
    m_route->addItem(asked);
    const auto config = m_context.gateway->config();
    for (const auto &route : config->routes)
        if (qt(route.name) != asked)
            m_route->addItem(qt(route.name));
    m_price->setObjectName(u"calls.replay.price"_s);
    m_price->setWordWrap(true);
    m_note->setObjectName(u"calls.replay.note"_s);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(new Label(Label::Kind::Field, tr("Ask")));
    row->addWidget(m_route, 1);
    row->addWidget(m_price, 2);
    body()->addLayout(row);
    body()->addWidget(m_note);
    connect(m_route, &QComboBox::editTextChanged, this, &ReplayDialog::showPrice);
}

void ReplayDialog::setUpAnswer(QWidget *window)
{
    m_state->setObjectName(u"calls.replay.state"_s);
    m_text->setObjectName(u"calls.replay.text"_s);
    m_text->setAccessibleName(tr("Answer"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setPlaceholderText(tr("The answer shows here as it comes."));
    m_text->setFixedHeight(std::clamp(window->height() - windowRest, leastText, mostText));
    m_text->setMinimumWidth(std::min(dialogWidth, window->width() - 96));
    m_table->setObjectName(u"calls.replay.figures"_s);
    m_table->setAccessibleName(tr("Figures of the original and of the replay"));
    m_table->setModel(m_figures);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::NoFocus);
    m_table->setEdgePadding(8);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setFixedHeight(28 + int(shownFigures.size()) * int(widgets::RowHeight::Dense) + 2);
    body()->addWidget(m_state);
    body()->addWidget(m_text);
    body()->addWidget(m_table);
    m_state->hide();
}

void ReplayDialog::setUpButtons()
{
    m_compare = addLeftButton(Button::Kind::Plain, tr("Compare"));
    m_compare->setSymbol(Icon::Diff);
    m_compare->setObjectName(u"calls.replay.compare"_s);
    m_open = addLeftButton(Button::Kind::Plain, tr("Open it"));
    m_open->setObjectName(u"calls.replay.open"_s);
    auto *close = addButton(Button::Kind::Plain, tr("Close"));
    close->setObjectName(u"calls.replay.close"_s);
    m_send = addButton(Button::Kind::Primary, tr("Send"));
    m_send->setObjectName(u"calls.replay.send"_s);
    m_send->setDefault(true);
    m_compare->setEnabled(false);
    m_open->setEnabled(false);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_send, &QPushButton::clicked, this, [this] { running() ? stop() : start(); });
    connect(m_open, &QPushButton::clicked, this, [this] {
        m_context.view->openPane(u"calls"_s, qt(m_replayId));
        accept();
    });
    connect(m_compare, &QPushButton::clicked, this, [this] {
        const QString original = qt(m_original.record.id), replay = qt(m_replayId);
        accept();
        Q_EMIT compareWanted(original, replay);
    });
}

void ReplayDialog::showPossible()
{
    const auto call = gateway::callAgain(m_original, {});
    m_send->setEnabled(call.has_value() && m_tools);
    m_route->setEnabled(call.has_value());
    if (!call) {
        m_note->setKind(widgets::SectionBanner::Kind::Error);
        m_note->setContent(tr("This call cannot be replayed"), qt(call.error().message));
    } else if (gateway::isScrubbed(m_original.record)) {
        m_note->setContent(tr("The scrubbed text is sent"), tr("Privacy rules took something out of the request before it was logged: the replay asks without that."));
    }
    m_note->setVisible(!call || gateway::isScrubbed(m_original.record));
}

std::string ReplayDialog::wanted() const
{
    const std::string text = bridge::utf8(m_route->currentText().trimmed());
    return text == m_original.record.askedModel ? std::string() : text;
}

/// Nobody knows how long the answer will be: the original's price is the best guess there is.
void ReplayDialog::showPrice()
{
    const auto price = priceOf(m_original.record);
    const QString money = price ? widgets::money(*price) : QString();
    if (!running())
        m_send->setText(price ? tr("Send, costs about %1").arg(money) : tr("Send, costs money"));
    m_price->setText(!price ? tr("A real call: its price is not known.") : wanted().empty() ? tr("A real call: the original cost %1.").arg(money) : tr("A real call: the original cost %1, another model may cost more.").arg(money));
    m_price->setToolTip(m_price->text());
}

void ReplayDialog::tell(Icon icon, Role role, const QString &words)
{
    m_state->setState(icon, role, words);
    m_state->show();
}

void ReplayDialog::start()
{
    m_body.clear();
    m_replayId.clear();
    m_replay.reset();
    m_text->clear();
    m_look.stop();
    m_compare->setEnabled(false);
    m_open->setEnabled(false);
    showFigures();
    m_run = std::make_unique<QObject>();
    m_send->setText(tr("Stop"));
    m_route->setEnabled(false);
    tell(Icon::Clock, Role::Muted, tr("Sent, waiting for the answer"));
    m_tools->replay({.callId = m_original.record.id, .model = wanted()}, m_run.get(), [this](const std::string &bytes) { take(bytes); },
        [this](const gateway::Result<gateway::api::ReplayOutcome> &outcome) { end(outcome); });
}

void ReplayDialog::stop()
{
    m_run.reset();
    m_route->setEnabled(true);
    showText();
    showPrice();
    tell(Icon::Info, Role::Muted, tr("Stopped. What had been answered by then is paid for."));
}

void ReplayDialog::take(const std::string &bytes)
{
    m_body += bytes;
    if (!m_paint.isActive())
        m_paint.start();
}

/// All of it again: no format tells its text without what came before.
void ReplayDialog::showText()
{
    m_paint.stop();
    QStringList texts;
    for (const ChatMessage &message : answerMessages(m_body)) {
        QStringList parts {message.text};
        for (const ChatMessage::ToolCall &tool : message.tools)
            parts << tr("calls %1(%2)").arg(tool.name, tool.arguments);
        parts.removeAll(QString());
        texts << parts.join(u'\n');
    }
    const QString text = texts.isEmpty() && !running() ? qt(m_body) : texts.join(u"\n\n"_s);
    QScrollBar *bar = m_text->verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum();
    m_text->setPlainText(text);
    if (atEnd)
        bar->setValue(bar->maximum());
}

void ReplayDialog::end(const gateway::Result<gateway::api::ReplayOutcome> &outcome)
{
    m_run.release()->deleteLater(); // this is called with it as its context
    m_route->setEnabled(true);
    showText();
    showPrice();
    if (!outcome) {
        tell(Icon::Error, Role::Err, qt(outcome.error().message));
        return;
    }
    if (outcome->httpStatus >= 400)
        tell(Icon::Error, Role::Err, tr("Answered with %1 after %2").arg(outcome->httpStatus).arg(widgets::latency(outcome->latencyUs)));
    else
        tell(Icon::Ok, Role::Ok, tr("Answered in %1").arg(widgets::latency(outcome->latencyUs)));
    m_replayId = outcome->callId;
    m_looks = 0;
    if (!m_replayId.empty())
        askRecord();
}

/// The log follows in a moment.
void ReplayDialog::askRecord()
{
    m_context.gateway->call(m_replayId, this, [this, id = m_replayId](const gateway::Result<gateway::CallDetail> &detail) {
        if (id != m_replayId)
            return; // another one was sent meanwhile
        if (!detail) {
            if (++m_looks < mostLooks)
                m_look.start();
            else
                tell(Icon::Warning, Role::Warn, tr("Answered, but the log does not have the call: %1").arg(qt(detail.error().message)));
            return;
        }
        m_replay = detail->record;
        m_compare->setEnabled(true);
        m_open->setEnabled(true);
        showFigures();
    });
}

void ReplayDialog::showFigures()
{
    m_figures->clear();
    m_figures->setHorizontalHeaderLabels({tr("Figure"), tr("Original"), tr("Replay"), tr("Difference")});
    const QList<FigurePair> pairs = figurePairs(m_original.record, m_replay ? *m_replay : m_original.record);
    for (const FigurePair &pair : pairs) {
        const bool shown = std::ranges::any_of(shownFigures, [&](const char *name) { return pair.name == QCoreApplication::translate("calls", name); });
        if (!shown)
            continue;
        QList<QStandardItem *> row;
        for (const QString &text : {pair.name, pair.left, m_replay ? pair.right : widgets::unknownText(), m_replay ? pair.difference : QString()}) {
            row.append(new QStandardItem(text));
            row.last()->setToolTip(text);
        }
        row.first()->setData(int(Role::Muted), widgets::CellRoleColor);
        m_figures->appendRow(row);
    }
    m_table->setColumnWidths({120, 190, 0, 160});
}

} // namespace ui::calls
