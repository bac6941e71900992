// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace ui::widgets {

/// Turning the wheel over a form scrolls the form: a number or a choice that happens to lie under the pointer neither
/// takes the focus nor changes. One that has the focus turns as usual.
class WheelGuard final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Looks after it for as long as both live, if it is a spin box, a combo box or a slider.
    void watch(QWidget *widget);
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace ui::widgets
