// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/sql_schema.h"

#include <QList>
#include <QString>

/// What a query could go on with. Pure.
namespace ui::costs {

struct SqlOffer
{
    QString text; ///< that is put in
    QString note; ///< what it is, in few words
};

struct SqlOffers
{
    qsizetype from = 0; ///< where the word begins that is being typed: what is offered takes its place, up to the cursor
    QString typed;
    QList<SqlOffer> list; ///< at most 50; the likeliest first
};

/// Columns of the tables that the query reads (after "c." of that table alone), then tables, functions and keywords; after FROM and
/// JOIN tables first. Nothing within texts, comments and numbers.
/// @param cursor  place in the text
/// @param all     also where no letter of a word is typed yet
[[nodiscard]] SqlOffers sqlOffers(const QString &text, qsizetype cursor, const gateway::SqlSchema &schema, bool all);

} // namespace ui::costs
