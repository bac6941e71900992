// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QLineEdit>

namespace ui::widgets {

/// A line edit with an icon at the left and, while empty and unfocused, a key hint at the right.
/// Esc clears. textChanged() as usual; searchChanged() 120 ms after the last key.
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
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Icon m_symbol = Icon::Search;
    QString m_keyHint;
};

} // namespace ui::widgets
