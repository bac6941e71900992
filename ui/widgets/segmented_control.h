// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/choice_strip.h"

namespace ui::widgets {

/// One of a few in a frame ("Canvas | YAML"), 28 px high or 24 small.
class SegmentedControl final : public ChoiceStrip
{
    Q_OBJECT
public:
    explicit SegmentedControl(const QStringList &items, QWidget *parent = nullptr);
    void setItems(const QStringList &items) { replaceItems(items); }
    void setItemText(int index, const QString &text);
    void setSmall(bool small);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    [[nodiscard]] int itemWidth(int index) const override;
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_small = false;
};

} // namespace ui::widgets
