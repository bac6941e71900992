// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/sql_tools.h"
#include "ui/panes/pane.h"
#include "ui/panes/pinned_queries.h"

#include <map>

class QTimer;

namespace ui::overview {

class Board;
class PinCard;

/// The cards of the queries that a person pinned: kept in step with the window's settings, and asked again one after another, each
/// at most once a minute while the pane is seen, all of them at once with F5. GUI thread.
class Pins final : public QObject
{
    Q_OBJECT
public:
    /// @param board  whose last section they stand in; outlives this
    Pins(const panes::PaneContext &context, Board &board, QObject *parent);

    void setSeen(bool seen);
    void refresh();              ///< all of them, now

private:
    void readPins();             ///< those that came or went since
    PinCard *makeCard(const panes::PinnedQuery &pin);
    void unpin(const QString &id);
    void askNext();
    void take(const QString &id, const gateway::SqlOutcome &outcome);
    void giveUp();

    panes::PaneContext m_context;
    gateway::api::SqlTools *m_tools; ///< null: this gateway has none, and nothing is shown
    Board &m_board;
    panes::PinnedQueries m_store;
    QList<panes::PinnedQuery> m_pins;
    std::map<QString, PinCard *> m_cards;
    std::map<QString, gateway::WallTime> m_askedAt;
    QTimer *m_tick, *m_patience;
    QString m_asking;            ///< the pin that is asked; empty: none
    quint64 m_generation = 0;    ///< an answer to an old question is dropped
    bool m_seen = false;
};

} // namespace ui::overview
