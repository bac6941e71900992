// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_tools.h"

#include <QWidget>

#include <array>

namespace ui::widgets {
class Button;
}

namespace ui::calls {

/// "Session (12 calls)" and "Trace (5 calls)" of a call: links to those that it belongs with. Nothing where it belongs to none.
class BondLinks final : public QWidget
{
    Q_OBJECT
public:
    /// @param gateway  outlives this
    explicit BondLinks(gateway::api::Gateway *gateway, QWidget *parent = nullptr);

    void setCall(const gateway::CallRecord &record); ///< counts follow

Q_SIGNALS:
    void wanted(gateway::Bond bond, const QString &id);

private:
    void show(gateway::Bond bond, const std::string &id);

    gateway::api::CallTools *m_tools;
    std::array<widgets::Button *, 2> m_links {}; ///< by Bond
    std::array<QString, 2> m_ids;
};

} // namespace ui::calls
