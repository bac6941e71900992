// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

namespace ui::settings {

/// Sizes of files as one bar with a legend under it.
class StorageBar final : public QWidget
{
    Q_OBJECT
public:
    struct Part
    {
        QString name;
        qint64 bytes = 0;
    };
    explicit StorageBar(QWidget *parent = nullptr);
    void setParts(const QList<Part> &parts);
    [[nodiscard]] QSize sizeHint() const override { return {400, 44}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {280, 44}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QList<Part> m_parts;
};

} // namespace ui::settings
