// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/button.h"

#include <functional>

namespace ui::widgets {

/// Copies text to the clipboard and says "Copied" for two seconds. The text is asked for at the click, so that a secret
/// is not kept twice.
class CopyButton final : public QWidget
{
    Q_OBJECT
public:
    CopyButton(const QString &label, std::function<QString()> text, QWidget *parent = nullptr, Button::Kind kind = Button::Kind::Plain);
    [[nodiscard]] Button *button() const { return m_button; }

Q_SIGNALS:
    void copied();

private:
    Button *m_button;
};

} // namespace ui::widgets
