// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui::settings {

/// The audit log as a chain of links: whole, with a gap where it breaks, or in grey while nobody has looked.
class ChainView final : public QWidget
{
    Q_OBJECT
public:
    enum class State { Unknown, Whole, Broken };

    explicit ChainView(QWidget *parent = nullptr);
    /// @param brokenAt  how far along the chain it breaks, 0 to 1; of Broken alone
    void setState(State state, double brokenAt = 0);
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    State m_state = State::Unknown;
    int m_gap = -1; ///< the link that is missing
};

} // namespace ui::settings
