// /// case
// kind = "program"
// languages = ["java"]
// limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
import java.util.ArrayList;

public class Main {
    public static void main(String[] args) {
        ArrayList<byte[]> all = new ArrayList<>();
        for (;;) all.add(new byte[1 << 22]);
    }
}
