// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QLineEdit>

namespace ui::widgets {

/// A line edit with an icon at the left and, while empty and unfocused, a key hint at the right.
/// Esc clears. textChanged() as usual; searchChanged() at once after the keys, but once for keys that come together.
class SearchField : public QLineEdit
{
    Q_OBJECT
public:
    explicit SearchField(const QString &placeholder, QWidget *parent = nullptr);
    void setKeyHint(const QString &keys);
    void setSymbol(Icon icon);

Q_SIGNALS:
    void searchChanged(const QString &text);

protected:
    void setMargins(int before, int after);                      ///< of the text, in the order of reading
    [[nodiscard]] QRect seen(const QRect &leftToRight) const;    ///< mirrored where the language runs from right to left
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Icon m_symbol = Icon::Search;
    QString m_keyHint;
};

} // namespace ui::widgets
