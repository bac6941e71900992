// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QHBoxLayout;

namespace ui::overview {

/// Tiles side by side, all as wide; in two rows where they would be too narrow for what they tell. Hidden ones take no room.
class TileRows final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int leastWidth = 150; ///< of a tile: its label, its change and the arrow at that

    explicit TileRows(QWidget *parent = nullptr);
    void add(QWidget *tile);
    [[nodiscard]] QSize minimumSizeHint() const override; ///< that of two rows: it gets narrower than one

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    QList<QWidget *> m_tiles, m_shown; ///< all, and those that are laid out
    QHBoxLayout *m_first, *m_second;
    qsizetype m_inFirst = 0; ///< 0: not laid out yet
};

} // namespace ui::overview
