// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/run_card.h"

#include "ui/bridge/text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::api::PromptAnswer;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

namespace {

constexpr int tickMs = 100;
const QChar unbroken(0xA0);

/// A figure and its name, which no line end parts.
QString figure(const QString &name, const QString &value) { return u"%1%2<b>%3</b>"_s.arg(name, unbroken, QString(value).replace(u' ', unbroken).toHtmlEscaped()); }

} // namespace

RunCard::RunCard(int index, bool optional, QWidget *parent)
    : Card({}, {}, parent), m_optional(optional), m_route(new QComboBox), m_stop(Button::iconOnly(Icon::Close, tr("Stop"))), m_open(Button::iconOnly(Icon::External, tr("Open the call in Calls"), nullptr, Button::Kind::Flat)), m_state(new widgets::StateLabel),
      m_text(new QPlainTextEdit), m_figures(new Label(Label::Kind::Note))
{
    const QString prefix = u"prompts.run.%1"_s.arg(index);
    setObjectName(prefix);
    setHeaderVisible(true);
    setAccessibleName(index == 0 ? tr("First route") : tr("Second route"));
    m_route->setObjectName(prefix + u".route"_s);
    m_route->setAccessibleName(index == 0 ? tr("First route") : tr("Second route"));
    m_route->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_route->setMinimumContentsLength(7);
    m_stop->setObjectName(prefix + u".stop"_s);
    m_stop->setSmall(true);
    m_stop->hide();
    m_open->setObjectName(prefix + u".open"_s);
    m_open->setSmall(true);
    m_open->hide();
    for (QWidget *widget : std::initializer_list<QWidget *> {m_route, m_stop, m_open})
        addToHeader(widget);
    m_state->setObjectName(prefix + u".state"_s);
    m_state->setWordWrap(true);
    m_state->hide();
    m_text->setObjectName(prefix + u".text"_s);
    m_text->setAccessibleName(tr("Answer"));
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->document()->setDocumentMargin(12);
    m_text->setTabChangesFocus(true);
    m_figures->setObjectName(prefix + u".figures"_s);
    m_figures->setTextFormat(Qt::RichText);
    m_figures->setWordWrap(true);
    m_figures->setContentsMargins(12, 6, 12, 4);
    auto *stateRow = new QVBoxLayout;
    stateRow->setContentsMargins(12, 8, 12, 0);
    stateRow->addWidget(m_state);
    body()->addLayout(stateRow);
    body()->addWidget(m_text, 1);
    body()->addWidget(new widgets::Divider(Qt::Horizontal));
    body()->addWidget(m_figures);
    m_tick.setInterval(tickMs);
    connect(&m_tick, &QTimer::timeout, this, &RunCard::showFigures);
    connect(m_route, &QComboBox::activated, this, &RunCard::routeChanged);
    connect(m_stop, &QPushButton::clicked, this, &RunCard::stop);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (m_answer)
            Q_EMIT callWanted(qt(m_answer->callId));
    });
    setRoutes({});
    clear();
}

void RunCard::setRoutes(const QStringList &names)
{
    const QString before = route();
    const QSignalBlocker quiet(m_route);
    m_route->clear();
    if (m_optional || names.isEmpty())
        m_route->addItem(tr("no route"), QString());
    for (const QString &name : names)
        m_route->addItem(name, name);
    m_route->setCurrentIndex(std::max(0, m_route->findData(before)));
}

void RunCard::setRoute(const QString &name)
{
    const int at = m_route->findData(name);
    if (at < 0)
        return;
    const QSignalBlocker quiet(m_route);
    m_route->setCurrentIndex(at);
}

QString RunCard::route() const { return m_route->currentData().toString(); }

void RunCard::start(gateway::api::PromptTools &tools, gateway::api::PromptRun run)
{
    clear();
    m_tried = true;
    m_run = std::make_unique<QObject>();
    m_clock.start();
    m_tick.start();
    m_stop->show();
    run.routes = {utf8(route())};
    showFigures();
    Q_EMIT runningChanged();
    tools.run(std::move(run), m_run.get(), [this](const gateway::api::PromptPiece &piece) { take(piece); }, [this](const gateway::Result<std::vector<PromptAnswer>> &answers) { end(answers); });
}

void RunCard::take(const gateway::api::PromptPiece &piece)
{
    if (!m_firstUs)
        m_firstUs = m_clock.nsecsElapsed() / 1000;
    QScrollBar *bar = m_text->verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum();
    QTextCursor cursor(m_text->document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(qt(piece.text));
    if (atEnd)
        bar->setValue(bar->maximum());
}

void RunCard::end(const gateway::Result<std::vector<PromptAnswer>> &answers)
{
    m_run.release()->deleteLater(); // it is the one that is being answered
    m_tick.stop();
    m_stop->hide();
    m_totalUs = m_clock.nsecsElapsed() / 1000;
    if (!answers) {
        tell(qt(answers.error().message));
    } else if (!answers->empty()) {
        m_answer = answers->front();
        m_firstUs = m_answer->firstTextUs >= 0 ? std::optional(m_answer->firstTextUs) : std::nullopt;
        m_totalUs = m_answer->latencyUs;
        if (m_text->toPlainText() != qt(m_answer->text))
            m_text->setPlainText(qt(m_answer->text));
        if (m_answer->error)
            tell(qt(m_answer->error->message));
        else if (m_answer->text.empty())
            m_text->setPlaceholderText(tr("The answer has no text."));
        m_open->setVisible(!m_answer->callId.empty());
    }
    showFigures();
    Q_EMIT runningChanged();
}

void RunCard::stop()
{
    if (!m_run)
        return;
    m_run.reset();
    m_tick.stop();
    m_stop->hide();
    m_totalUs = m_clock.nsecsElapsed() / 1000;
    m_state->setState(Icon::Skipped, Role::Muted, tr("Stopped"));
    m_state->show();
    showFigures();
    Q_EMIT runningChanged();
}

void RunCard::clear()
{
    if (m_run)
        stop();
    m_firstUs = m_totalUs = std::nullopt;
    m_answer.reset();
    m_tried = false;
    m_text->clear();
    m_text->setPlaceholderText(tr("The answer comes here."));
    m_state->hide();
    m_open->hide();
    showFigures();
}

void RunCard::tell(const QString &problem)
{
    m_state->setState(Icon::Error, Role::Err, problem);
    m_state->show();
}

void RunCard::showFigures()
{
    if (!m_tried) {
        m_figures->setText(tr("Time to first token, total, tokens and cost"));
        return;
    }
    const std::optional<std::int64_t> total = m_run ? std::optional<std::int64_t>(m_clock.nsecsElapsed() / 1000) : m_totalUs;
    const QString tokens = m_answer && (m_answer->inputTokens > 0 || m_answer->outputTokens > 0) ? u"%1 / %2"_s.arg(m_answer->inputTokens).arg(m_answer->outputTokens) : widgets::unknownText();
    m_figures->setText(QStringList {figure(tr("TTFT"), widgets::latency(m_firstUs)), figure(tr("total"), widgets::latency(total)), figure(tr("tok"), tokens), figure(tr("cost"), widgets::money(m_answer ? m_answer->cost : std::nullopt))}.join(u"&nbsp;&nbsp; "_s));
}

} // namespace ui::prompts
