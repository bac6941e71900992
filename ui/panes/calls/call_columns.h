// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <QList>
#include <QString>


/// What the call list shows of a record, and which filter stands for a cell. Pure; any thread.
namespace ui::calls {

enum class Column { Time, Team, Key, Route, Model, Path, Status, FirstByte, Latency, TokensIn, TokensOut, Cost, Session, Customer, Tags, Error, Endpoint, Trace, Id, Colour, Comment };
inline constexpr int columnCount = 21;

struct ColumnLook
{
    const char *id;      ///< in the window's settings
    const char *title;   ///< QT_TRANSLATE_NOOP("calls", …)
    int width;           ///< pixels, at least
    int stretch;         ///< share of what is left over
    bool right = false;  ///< figures
    bool optional = false; ///< hidden until chosen in the Columns menu
};

const ColumnLook &look(Column column);
QString columnTitle(Column column);

QString cellText(const gateway::CallRecord &record, Column column);
QString cellText(const gateway::CallRow &row, Column column); ///< the same, with what people noted at it
/// The filter's term for a cell ("team:search", "latency:>=2410ms"); empty where there is none.
QString filterTerm(const gateway::CallRecord &record, Column column);
QString filterTerm(const gateway::CallRow &row, Column column);
/// A term of the filter: `team:search`, `team:""`, and of status also "<400" as a value.
QString fieldTerm(const QString &field, const QString &value);
/// The filter with a term added, or its opposite; a filter that ORs is put into parentheses. A term that is there
/// already is not added again.
QString withTerm(const QString &filter, const QString &term, bool exclude);

/// One step of the path: consecutive attempts at one provider that ended alike.
struct PathStep
{
    enum class End { Ok, Failed, Skipped };
    QString provider;
    End end = End::Ok;
    int tries = 1;
    bool operator==(const PathStep &) const = default;
};
QList<PathStep> pathOf(const gateway::CallRecord &record);
/// "O✕2 › C✓" as text, for accessibility and export: "openai failed twice, claude answered".
bool fromCache(const gateway::CallRecord &record); ///< its answer was one that was kept
QString pathWords(const gateway::CallRecord &record);
/// A provider's letter: "O" for openai, "v" for local-vllm.
QString providerLetter(const QString &provider);

bool rescued(const gateway::CallRecord &record);      ///< answered, though an attempt had failed or was skipped
QString statusText(const gateway::CallRecord &record); ///< "200", "402", "cut", "left"
QString statusWords(const gateway::CallRecord &record); ///< "200 rescued", "503 failed"
bool statusBad(const gateway::CallRecord &record);

} // namespace ui::calls
