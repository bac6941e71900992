// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui::widgets {

/// A secret on the screen: monospaced on a raised field, copied as a whole (Ctrl+C, or a CopyButton beside it). Not a
/// line edit, since those tell screen readers and test tools their text; this one says its accessible name alone.
class SecretField final : public QWidget
{
    Q_OBJECT
public:
    explicit SecretField(QWidget *parent = nullptr);

    void setSecret(const QString &secret); ///< empty: forgets the present one
    [[nodiscard]] bool empty() const { return m_secret.isEmpty(); }
    [[nodiscard]] const QString &secret() const { return m_secret; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 28}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_secret;
};

} // namespace ui::widgets
