// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/pins.h"

#include "ui/bridge/text.h"
#include "ui/panes/overview/board.h"
#include "ui/panes/overview/pin_card.h"

#include <QTimer>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

constexpr auto every = std::chrono::seconds {60};
constexpr int tickMs = 1000, patienceMs = 30'000;

QString cardId(const QString &pin) { return u"pin/"_s + pin; }

} // namespace

Pins::Pins(const panes::PaneContext &context, Board &board, QObject *parent) :
    QObject(parent), m_context(context), m_tools(gateway::api::SqlTools::of(*context.gateway)), m_board(board), m_store(context.settings), m_tick(new QTimer(this)), m_patience(new QTimer(this))
{
    m_tick->setInterval(tickMs);
    m_patience->setSingleShot(true);
    m_patience->setInterval(patienceMs);
    connect(m_tick, &QTimer::timeout, this, &Pins::askNext);
    connect(m_patience, &QTimer::timeout, this, &Pins::giveUp);
    readPins();
}

void Pins::setSeen(bool seen)
{
    m_seen = seen;
    if (!seen) {
        m_tick->stop();
        return;
    }
    readPins();
    m_tick->start();
    askNext();
}

void Pins::refresh()
{
    m_askedAt.clear();
    askNext();
}

void Pins::readPins()
{
    const QList<panes::PinnedQuery> pins = m_tools ? m_store.all() : QList<panes::PinnedQuery> {};
    if (pins == m_pins)
        return;
    for (const panes::PinnedQuery &pin : std::as_const(m_pins)) {
        if (pins.contains(pin))
            continue;
        m_board.remove(cardId(pin.id));
        m_cards.erase(pin.id);
        m_askedAt.erase(pin.id);
    }
    m_pins = pins;
    for (const panes::PinnedQuery &pin : std::as_const(m_pins))
        if (!m_cards.contains(pin.id))
            m_cards[pin.id] = makeCard(pin);
}

PinCard *Pins::makeCard(const panes::PinnedQuery &pin)
{
    auto *card = new PinCard(pin);
    connect(card, &PinCard::unpinned, this, [this, id = pin.id] { unpin(id); });
    connect(card, &PinCard::retried, this, [this, id = pin.id] {
        m_askedAt.erase(id);
        askNext();
    });
    connect(card, &PinCard::changed, this, [this](const panes::PinnedQuery &next) {
        m_store.change(next);
        m_pins = m_store.all();
    });
    connect(card, &PinCard::callWanted, m_context.view, [this](const QString &call) { m_context.view->openPane(u"calls"_s, call); });
    connect(card, &PinCard::told, m_context.view, [this](const QString &words) { m_context.view->toast(words); });
    m_board.add(cardId(pin.id), card);
    return card;
}

void Pins::unpin(const QString &id)
{
    const auto found = std::ranges::find(m_pins, id, &panes::PinnedQuery::id);
    if (found == m_pins.end())
        return;
    const panes::PinnedQuery pin = *found;
    const qsizetype place = found - m_pins.begin();
    m_store.remove(id);
    readPins();
    m_context.view->toast(tr("%1 unpinned").arg(pin.title), [this, pin, place] {
        m_store.insert(place, pin);
        readPins();
        askNext();
    });
}

void Pins::askNext()
{
    if (!m_seen || !m_asking.isEmpty())
        return;
    const gateway::WallTime now = m_context.view->now();
    for (const panes::PinnedQuery &pin : std::as_const(m_pins)) {
        const auto asked = m_askedAt.find(pin.id);
        if (m_board.isHidden(cardId(pin.id)) || (asked != m_askedAt.end() && now - asked->second < every))
            continue;
        m_askedAt[pin.id] = now;
        auto question = gateway::sqlQuestion(bridge::utf8(pin.text));
        if (!question) {
            m_cards[pin.id]->showProblem(question.error());
            continue;
        }
        m_asking = pin.id;
        m_cards[pin.id]->showWaiting();
        m_patience->start();
        m_tools->askBeside(std::move(*question), this, [this, id = pin.id, generation = ++m_generation](const gateway::SqlOutcome &outcome) {
            if (generation == m_generation)
                take(id, outcome);
        });
        return;
    }
}

void Pins::take(const QString &id, const gateway::SqlOutcome &outcome)
{
    m_patience->stop();
    m_asking.clear();
    if (const auto card = m_cards.find(id); card != m_cards.end()) {
        if (outcome)
            card->second->showAnswer(*outcome, m_context.view->now());
        else
            card->second->showProblem(outcome.error());
    }
    askNext();
}

void Pins::giveUp()
{
    ++m_generation;
    m_tools->cancelBeside();
    take(std::exchange(m_asking, {}), std::unexpected(gateway::SqlProblem {.code = gateway::ErrorCode::Cancelled, .message = "It took more than 30 s, and was stopped. A shorter time or fewer groups make it faster."}));
}

} // namespace ui::overview
