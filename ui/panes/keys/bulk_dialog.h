// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/widgets/dialog.h"

#include <functional>
#include <vector>

class QGridLayout;

namespace ui::widgets {
class Label;
}

namespace ui::keys {

/// Asks for one change of many keys, and shows what it would do to each before it is made.
class BulkDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    enum class What {
        Team,   ///< moved to another
        Expiry, ///< end on a day, or never
        Limits  ///< have these budgets and limits
    };
    using Change = std::function<void(gateway::config::VirtualKey &)>;

    BulkDialog(What what, const gateway::config::Config &config, std::vector<gateway::config::VirtualKey> keys, QWidget *parent);

Q_SIGNALS:
    void confirmed(const Change &change);

private:
    void addTeams(QGridLayout *grid, const gateway::config::Config &config);
    void addExpiry(QGridLayout *grid);
    void addLimits(QGridLayout *grid);
    void preview();
    [[nodiscard]] QString effectOn(const gateway::config::VirtualKey &before, const gateway::config::VirtualKey &after) const;

    What m_what;
    std::vector<gateway::config::VirtualKey> m_keys;
    std::function<Change()> m_entered;      ///< the change as it stands in the form; empty where that cannot be read
    std::function<QString(const std::string &)> m_capOf; ///< a team's cap in words
    widgets::Label *m_effects;
    widgets::Button *m_submit;
};

} // namespace ui::keys
