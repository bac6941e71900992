// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"

#include <QObject>
#include <QString>

#include <functional>

namespace gateway::api {
class Gateway;
}

/// What all panes of one window share: the time range, the filter, live or paused; and what panes ask of the window.
namespace ui::bridge {

/// The range of time that is looked at: the last so-many seconds, or fixed ends (a brush, a jump).
struct RangeChoice
{
    std::int64_t lastSeconds = 3600;                        ///< > 0: moving, ends now
    gateway::WallTime from {}, to {};                       ///< where lastSeconds is 0
    bool operator==(const RangeChoice &) const = default;
    [[nodiscard]] bool moving() const { return lastSeconds > 0; }
};

/// The choices of the range menu, in seconds: 15 min to 30 days.
const QList<std::int64_t> &rangeChoices();
/// "Last 1 h", "14:18 – 14:32"
QString toText(const RangeChoice &choice);

/// One for each window; GUI thread. Panes listen; the shell and panes set. Outlives the panes.
class ViewContext final : public QObject
{
    Q_OBJECT
public:
    using Now = std::function<gateway::WallTime()>;
    explicit ViewContext(Now now, QObject *parent = nullptr);

    [[nodiscard]] gateway::WallTime now() const { return m_now(); }

    [[nodiscard]] const RangeChoice &range() const { return m_range; }
    [[nodiscard]] gateway::api::TimeRange timeRange() const; ///< the range as times; a moving one is open at its end
    void setRange(const RangeChoice &range);

    /// The last valid filter. The text that is being typed stays in the filter bar.
    [[nodiscard]] const gateway::CallFilter &filter() const { return m_filter; }
    void setFilter(const gateway::CallFilter &filter);
    /// @return false where the text does not parse; nothing changes then
    bool setFilterText(const QString &text);

    [[nodiscard]] bool live() const { return m_live; }
    void setLive(bool live);

    void refresh() { Q_EMIT refreshRequested(); }

    // What a pane asks of the window.
    void openPane(const QString &pane, const QString &item = {}) { Q_EMIT paneRequested(pane, item); }
    void openCalls(const QString &filter) { Q_EMIT callsRequested(filter); }
    void toast(const QString &text, std::function<void()> undo = {}) { Q_EMIT toastRequested(text, undo); }

Q_SIGNALS:
    void rangeChanged();
    void filterChanged();
    void liveChanged(bool live);
    void refreshRequested();                                     ///< F5
    void paneRequested(const QString &pane, const QString &item); ///< show a pane ("routes"), and in it an item by name
    void callsRequested(const QString &filter);                  ///< show Calls with this filter in place of the present one
    void toastRequested(const QString &text, const std::function<void()> &undo);

private:
    Now m_now;
    RangeChoice m_range;
    gateway::CallFilter m_filter;
    bool m_live = true;
};

} // namespace ui::bridge
