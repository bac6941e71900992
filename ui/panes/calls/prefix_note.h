// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/calls/prefix_report.h"
#include "ui/panes/calls/price_lookup.h"

#include <QWidget>

namespace ui::widgets {
class SectionBanner;
}

namespace ui::calls {

/// The warning over a call whose prompt does not begin as that of its session's call before. Looks for that call when it is
/// shown one, compares on a thread of the pool, and is hidden where there is nothing to say.
class PrefixNote final : public QWidget
{
    Q_OBJECT
public:
    explicit PrefixNote(gateway::api::Gateway *gateway, QWidget *parent = nullptr);
    /// @param record  complete, with its bodies
    void setCall(const gateway::CallRecord &record);
    void clear();
    [[nodiscard]] QString text() const { return m_text; } ///< all that it says; empty: nothing

private:
    void compare(gateway::CallRecord former);
    void say(const PrefixReport &report);

    gateway::api::Gateway *m_gateway;
    gateway::CallRecord m_record; ///< empty unless one is being looked at
    quint64 m_question = 0;
    QString m_text;
    PriceLookup m_prices;
    widgets::SectionBanner *m_banner;
};

} // namespace ui::calls
