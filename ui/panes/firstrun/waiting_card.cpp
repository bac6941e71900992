// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/waiting_card.h"

#include "ui/bridge/snippets.h"
#include "ui/bridge/text.h"
#include "ui/panes/firstrun/pulse_dot.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

using namespace Qt::StringLiterals;

namespace ui::firstrun {
namespace {

using bridge::qt;
using widgets::Icon;
using widgets::Label;
using widgets::Role;
using widgets::StateLabel;

constexpr std::chrono::seconds helpAfter {15};

QString minutesAndSeconds(gateway::Duration span)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    return u"%1:%2"_s.arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

} // namespace

WaitingCard::WaitingCard(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : Card({}, {}, parent), m_gateway(gateway), m_view(view), m_dot(new PulseDot), m_title(new Label(Label::Kind::Strong)), m_sub(new Label(Label::Kind::Secondary)),
      m_elapsed(new Label(Label::Kind::Hero)), m_counts(new QWidget), m_listener(new StateLabel), m_connections(new StateLabel), m_wrongKeys(new StateLabel),
      m_later(new Label(Label::Kind::Secondary)), m_help(new Label(Label::Kind::Secondary)), m_before(gateway.arrivals())
{
    setUpParts();
    tick();
}

void WaitingCard::setUpParts()
{
    m_title->setObjectName(u"firstrun.waiting.title"_s);
    m_sub->setObjectName(u"firstrun.waiting.sub"_s);
    m_elapsed->setObjectName(u"firstrun.waiting.elapsed"_s);
    m_listener->setObjectName(u"firstrun.waiting.listener"_s);
    m_connections->setObjectName(u"firstrun.waiting.connections"_s);
    m_wrongKeys->setObjectName(u"firstrun.waiting.wrongKeys"_s);
    m_help->setObjectName(u"firstrun.waiting.help"_s);
    m_dot->setObjectName(u"firstrun.waiting.dot"_s);
    m_title->setFont(widgets::textFont(15, QFont::DemiBold));
    m_elapsed->setRole(Role::Muted);
    m_help->setWordWrap(true);
    m_help->setTextFormat(Qt::PlainText);
    m_help->setRole(Role::Text);
    m_help->hide();
    m_sub->setWordWrap(true);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_sub);
    auto *top = new QHBoxLayout;
    top->setSpacing(12);
    top->addWidget(m_dot, 0, Qt::AlignTop);
    top->addLayout(words, 1);
    top->addWidget(m_elapsed, 0, Qt::AlignTop);
    auto *counts = new QHBoxLayout(m_counts);
    counts->setContentsMargins(40, 12, 0, 0);
    counts->setSpacing(14);
    counts->addWidget(m_listener);
    counts->addWidget(m_connections);
    counts->addWidget(m_wrongKeys);
    counts->addStretch(1);
    counts->addWidget(m_later);
    auto *help = new QHBoxLayout;
    help->setContentsMargins(40, 8, 0, 0);
    help->addWidget(m_help);
    body()->setContentsMargins(19, 17, 19, 19);
    body()->addLayout(top);
    body()->addWidget(m_counts);
    body()->addLayout(help);
    body()->addStretch(1);
}

QString WaitingCard::address() const
{
    const auto listener = m_gateway.listener();
    return bridge::originOf(qt(listener.up ? listener.address : m_gateway.config()->gateway.listen), listener.tls);
}

void WaitingCard::begin()
{
    m_since = m_view.now();
    m_arrived = false;
    m_dot->setState(PulseDot::State::Waiting);
    m_counts->show();
    setAccented(true);
    tick();
}

void WaitingCard::end()
{
    m_since.reset();
    m_arrived = false;
    m_before = m_gateway.arrivals();
    m_dot->setState(PulseDot::State::Idle);
    m_counts->show();
    setAccented(false);
    tick();
}

void WaitingCard::tick()
{
    if (m_arrived)
        return;
    showArrivals();
    if (!m_since) {
        m_title->setText(tr("Ready for the first call"));
        m_sub->setText(address());
        m_elapsed->clear();
        m_later->clear();
        m_help->hide();
        return;
    }
    const gateway::Duration waited = m_view.now() - *m_since;
    m_title->setText(tr("Listening… waiting for the first call"));
    m_sub->setText(tr("%1, since %2").arg(address(), widgets::timeOfDay(*m_since)));
    m_elapsed->setText(minutesAndSeconds(waited));
    const bool late = waited >= helpAfter;
    m_later->setText(late ? QString() : tr("help at 0:%1").arg(helpAfter.count()));
    showHelp(late);
}

void WaitingCard::showArrivals()
{
    const auto listener = m_gateway.listener();
    const auto now = m_gateway.arrivals();
    const std::uint64_t connections = now.connections - m_before.connections, wrong = now.wrongKeys - m_before.wrongKeys;
    if (listener.up)
        m_listener->setState(Icon::Ok, Role::Ok, tr("Listener is up"));
    else
        m_listener->setState(Icon::Error, Role::Err, tr("Not listening"));
    m_connections->setState(connections > 0 ? Icon::Ok : Icon::Skipped, connections > 0 ? Role::Ok : Role::Muted, connections == 1 ? tr("1 connection") : tr("%1 connections").arg(widgets::count(connections)));
    if (wrong > 0)
        m_wrongKeys->setState(Icon::Error, Role::Err, wrong == 1 ? tr("arrived, key rejected") : tr("%1 arrived, key rejected").arg(widgets::count(wrong)), true);
    else
        m_wrongKeys->setState(Icon::Skipped, Role::Muted, tr("0 wrong keys"));
}

void WaitingCard::showHelp(bool late)
{
    const auto listener = m_gateway.listener();
    const auto now = m_gateway.arrivals();
    const bool wrong = now.wrongKeys > m_before.wrongKeys;
    QStringList lines;
    if (!listener.up)
        lines << (listener.problem.empty() ? tr("Signalbox does not listen yet.") : qt(listener.problem));
    if (wrong)
        lines << tr("A call arrived with a key that Signalbox does not know. Put the key of step 2 in place of the provider's: SDKs take it from OPENAI_API_KEY.");
    if (late) {
        if (listener.up && now.connections == m_before.connections)
            lines << tr("Nothing has connected. Does the program run on this machine, and is its base URL %1/v1? Proxies and containers do not reach 127.0.0.1.").arg(address());
        else if (listener.up && !wrong)
            lines << tr("Something has connected, but no call came of it. Is the path /v1/chat/completions, and the request finished?");
        if (m_gateway.config()->providers.empty())
            lines << tr("There is no provider yet, so a call could not be answered: step 1.");
        lines << tr("“Send a test call for me” shows whether the way from here to the provider is clear.");
    }
    for (QString &line : lines)
        line.prepend(u"•  "_s);
    m_help->setText(lines.join(u'\n'));
    m_help->setVisible(!lines.isEmpty());
}

void WaitingCard::showCall(const gateway::CallRecord &record)
{
    const bool well = record.status == gateway::CallStatus::Ok;
    const gateway::Duration waited = m_view.now() - m_since.value_or(m_view.now());
    m_arrived = true;
    m_dot->setState(well ? PulseDot::State::Well : PulseDot::State::Failed);
    const QString kind = record.test ? tr("The test call") : tr("The first call");
    m_title->setText(well ? tr("%1 arrived and was answered").arg(kind) : tr("%1 arrived, but was not answered").arg(kind));
    QStringList parts {widgets::timeOfDay(record.startedAt), qt(record.askedModel)};
    if (well)
        parts << widgets::latency(std::int64_t {record.latencyUs}) << tr("%1 tokens").arg(widgets::count(static_cast<std::uint64_t>(record.usage.total()))) << widgets::money(record.cost);
    else
        parts << qt(record.errorMessage);
    m_sub->setText(parts.join(u" · "_s));
    m_elapsed->setText(m_since ? minutesAndSeconds(waited) : QString());
    m_later->clear();
    m_counts->hide();
    m_help->setVisible(!well);
    m_help->setText(tr("“Open the call” shows each attempt and what the provider said."));
}

} // namespace ui::firstrun
