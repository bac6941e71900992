// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/scope_state.h"
#include "ui/widgets/card.h"

#include <functional>
#include <memory>
#include <vector>

class QComboBox;
class QGridLayout;

namespace ui::widgets {
class CountField;
class Label;
}

namespace ui::budgets {

/// A scope's limits with their present use, to be looked at and changed at once. It only asks for changes: what it shows
/// comes back by show(). GUI thread.
class LimitsCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit LimitsCard(QWidget *parent = nullptr);

    /// @param state  null: nothing is counted yet
    /// @param most   entries that the scope may have
    void show(const std::vector<gateway::config::Limit> &limits, const gateway::ScopeState *state, bool editable, std::size_t most);
    using QWidget::show;
    [[nodiscard]] bool typedWrong() const; ///< something stands in a field that cannot be read

Q_SIGNALS:
    /// @param merge  changes of the same kind that follow one another are one step to undo
    void edited(const QString &what, const std::function<void(std::vector<gateway::config::Limit> &)> &change, const QString &merge);

private:
    struct Line;
    struct Entry
    {
        QWidget *box = nullptr;
        QComboBox *endpoint = nullptr;
        widgets::Button *remove = nullptr;
        std::vector<std::shared_ptr<Line>> lines {};
    };

    void makeEntries(std::size_t count);
    Entry makeEntry(std::size_t index);
    void addLine(Entry &entry, QGridLayout *grid, std::size_t index, gateway::LimitState::What what);

    std::vector<Entry> m_entries;
    QWidget *m_column;
    widgets::Button *m_add;
    widgets::Label *m_none;
};

} // namespace ui::budgets
