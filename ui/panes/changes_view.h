// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QScrollArea>

namespace ui::panes {

/// What differs between two configurations, entry by entry: its text, line by line, or in words where no text differs.
class ChangesView final : public QScrollArea
{
    Q_OBJECT
public:
    enum class Secrets {
        Known, ///< a secret that differs is told
        Apart, ///< one of the two has none: that says nothing
    };

    explicit ChangesView(QWidget *parent = nullptr);
    void setChanges(const gateway::config::Config &before, const gateway::config::Config &after, Secrets secrets = Secrets::Known);
    [[nodiscard]] int count() const { return m_count; } ///< entries that differ
    [[nodiscard]] QSize sizeHint() const override;

private:
    int m_count = 0;
};

} // namespace ui::panes
